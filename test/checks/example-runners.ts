// Which test runs which example of a page, where no check of the page's language is enough.

/** By page, and by how the block begins: the test's file, which reads that page. */
export const runners: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "README.md": {
    "make up": "test/stories/readme.test.ts",
    "$ curl --http1.1 …": "test/stories/readme.test.ts",
    "npx smartcall call assistant": "test/stories/readme.test.ts",
    "npx smartcall agent new poet": "test/stories/readme.test.ts",
  },
  "docs/agents-call-agents.md": {
    'npx smartcall call planner "Explain': "test/stories/planner.test.ts",
    "Asking assistant what": "test/stories/planner.test.ts",
    'npx smartcall call planner "echo': "test/stories/planner.test.ts",
    "Asking 2 at once:": "test/stories/planner.test.ts",
  },
  "docs/budgets.md": {
    "npx smartcall budget ": "test/stories/budgets.test.ts",
  },
  "docs/call-an-agent.md": {
    "npx smartcall token ": "test/stories/call-an-agent.test.ts",
    "curl -sS": "test/stories/call-an-agent.test.ts",
    "// stream.mjs": "test/stories/call-an-agent.test.ts",
    "NODE_EXTRA_CA_CERTS=": "test/stories/call-an-agent.test.ts",
    "// call.mjs": "test/stories/call-an-agent.test.ts",
    "TOKEN=$(npx smartcall token)": "test/stories/call-an-agent.test.ts",
  },
  "docs/errors.md": {
    "mesh.yaml:14:21 error": "test/stories/readme.test.ts",
  },
  "docs/identity.md": {
    "$ KEY=": "test/stories/identity-guide.test.ts",
    "$ npx smartcall key revoke": "test/stories/identity-guide.test.ts",
    "$ npx smartcall key rotate": "test/stories/identity-guide.test.ts",
  },
  "docs/openapi.md": {
    "curl -sS --cacert .smartcall/ca.pem https://localhost:8443/v1/agents":
      "test/stories/openapi.test.ts",
    "curl -sS --cacert .smartcall/ca.pem https://localhost:8443/openapi.json":
      "test/stories/openapi.test.ts",
  },
  "docs/operate-from-git.md": {
    "export SMARTCALL_ADMIN=": "test/stories/operate-from-git.test.ts",
    "npx smartcall token": "test/stories/operate-from-git.test.ts",
    '{\n  "private"': "test/stories/operate-from-git.test.ts",
    "callers:": "test/stories/operate-from-git.test.ts",
    "name: mesh": "test/stories/operate-from-git.test.ts",
    "npx smartcall nodes": "test/stories/operate-from-git.test.ts",
  },
  "docs/other-machines.md": {
    "SMARTCALL_NODES=": "test/stories/gateways-on-other-machines.test.ts",
    "npx smartcall join gateway": "test/stories/gateways-on-other-machines.test.ts",
    "npx smartcall gateway": "test/stories/gateways-on-other-machines.test.ts",
    "SMARTCALL_CONTROL_PLANE=": "test/stories/agents-on-other-machines.test.ts",
  },
  "docs/own-methods.md": {
    'syntax = "proto3"': "test/stories/own-methods.test.ts",
    "protoc -I": "test/stories/own-methods.test.ts",
    "curl --http1.1": "test/stories/own-methods.test.ts",
  },
  "docs/protocol.md": {
    "{\n": "test/stories/without-a-proxy.test.ts",
  },
  "docs/sdk-python.md": {
    "python3 -m venv": "sdk/python/tests/test_package.py",
    "import os": "sdk/python/tests/test_page.py",
    "request = ": "sdk/python/tests/test_page.py",
    "with echo.converse()": "sdk/python/tests/test_page.py",
    "import asyncio": "sdk/python/tests/test_page.py",
    "def log_in()": "sdk/python/tests/test_page.py",
    "from smartcall import LimitReached": "sdk/python/tests/test_page.py",
  },
  "docs/sdk-typescript.md": {
    "npm install PATH": "test/sdk/typescript/guide.test.ts",
    "// ask.mjs": "test/sdk/typescript/guide.test.ts",
    NODE_EXTRA_CA_CERTS: "test/sdk/typescript/guide.test.ts",
    "// converse.mjs": "test/sdk/typescript/guide.test.ts",
    "// token.mjs": "test/sdk/typescript/guide.test.ts",
    "// errors.mjs": "test/sdk/typescript/guide.test.ts",
    "<!doctype html>": "test/sdk/typescript/guide.test.ts",
  },
  "docs/sidecars.md": {
    '{"level":"warn"': "test/sidecars/log.test.ts",
  },
  "docs/test-your-mesh.md": {
    "# mesh.test.yaml": "test/stories/test-your-mesh.test.ts",
    "$ npx smartcall test mesh.yaml\n": "test/stories/test-your-mesh.test.ts",
    "# wrong.test.yaml": "test/stories/test-your-mesh.test.ts",
    "$ npx smartcall test mesh.yaml --cases": "test/stories/test-your-mesh.test.ts",
  },
  "docs/watch-a-mesh.md": {
    "curl http://127.0.0.1:9000/metrics": "test/stories/operator-pages.test.ts",
  },
  "docs/web-pages.md": {
    "async function ask(": "test/owasp/08-misconfiguration/web-pages-guide.test.ts",
  },
  "docs/who-may-call.md": {
    "curl --cacert": "test/edge/who-may-call-page.test.ts",
  },
  "docs/write-an-agent.md": {
    "npx smartcall agent new poet": "test/stories/write-an-agent.test.ts",
    "cd poet": "test/stories/write-an-agent.test.ts",
    "npx smartcall call poet": "test/stories/write-an-agent.test.ts",
  },
};
