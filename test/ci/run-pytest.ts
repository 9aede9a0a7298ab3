// Runs the tests of the Python SDK, and writes how many passed and failed, their coverage among them.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readSource, root } from "../checks/repository.ts";
import { command } from "./command.ts";
import { closingLine, record } from "./counts.ts";
import { readReport } from "./pytest-report.ts";
import { pythonPart } from "./test-files.ts";

const project = "sdk/python";
const config = `${project}/pyproject.toml`;
const report = "build/pytest.xml";

mkdirSync(join(root, "build"), { recursive: true });
rmSync(join(root, report), { force: true });
process.env["COVERAGE_FILE"] = join(root, "build", "coverage-python");
const code = await command(join(root, ".venv", "bin", "python"), [
  ...["-m", "pytest", "--quiet", "-c", config, `--junit-xml=${report}`],
  ...["--cov", `--cov-config=${config}`, `${project}/tests`, ...process.argv.slice(2)],
]);
const counts = readReport(code, read);
record(pythonPart, counts);
console.log(closingLine(counts));
process.exitCode = counts.failed === 0 ? 0 : 1;

function read(): string {
  return readSource(report).text;
}
