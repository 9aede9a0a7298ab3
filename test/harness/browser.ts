// Finds and drives a real browser.
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { portOf } from "./ports.ts";

/** A browser, and pages of this machine that it can open. */
export interface TestBrowser {
  /** A page without scripts, whose origin is `http://NAME.localhost:PORT`. */
  open(name: string): Promise<Page>;
  /** The origin of the page of that name. */
  originOf(name: string): string;
  stop(): Promise<void>;
}

/** Starts it. Its pages take any certificate. */
export async function startBrowser(): Promise<TestBrowser> {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>page</title>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = portOf(server);
  const originOf = (name: string): string => `http://${name}.localhost:${port}`;
  const browser: Browser = await chromium.launch({
    executablePath: findBrowser(process.env),
    // The sandbox asks for rights that a container seldom gives; its pages are our own.
    args: ["--no-sandbox", "--host-resolver-rules=MAP *.localhost 127.0.0.1"],
  });
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  return {
    originOf,
    open: async (name) => {
      const page = await context.newPage();
      await page.goto(originOf(name));
      return page;
    },
    stop: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function findBrowser(env: NodeJS.ProcessEnv): string {
  const { PATH: path = "" } = env;
  const files = ["chromium", "chromium-browser", "google-chrome"].flatMap((name) =>
    path.split(delimiter).map((folder) => join(folder, name)),
  );
  const found = files.find((file) => existsSync(file));
  if (found === undefined) throw new Error("no Chromium is on PATH: run `make deps` as root");
  return found;
}
