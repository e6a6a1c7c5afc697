// Chromium through its own debugging protocol, over pipes: Node 18 and a browser, no packages.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A headless Chromium with one page; {@code problems} collects what its console complains of. */
export const start = async (program) => {
  const profile = await mkdtemp(join(tmpdir(), "etesian-console-"));
  const child = spawn(
    program,
    [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
      "--remote-debugging-pipe", `--user-data-dir=${profile}`, "about:blank",
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
  );
  const [, , , requests, answers] = child.stdio;
  const waiting = new Map();
  const problems = [];
  let session;
  let number = 0;
  const send = (method, params = {}) =>
    new Promise((done, failed) => {
      waiting.set(++number, { done, failed });
      requests.write(JSON.stringify({ id: number, method, params, sessionId: session }) + "\0");
    });
  const hear = (message) => {
    if (message.id) {
      const { done, failed } = waiting.get(message.id);
      waiting.delete(message.id);
      message.error ? failed(new Error(message.error.message)) : done(message.result);
    } else if (message.method === "Runtime.exceptionThrown") {
      problems.push(message.params.exceptionDetails.exception?.description ?? message.params.exceptionDetails.text);
    } else if (message.method === "Log.entryAdded" && message.params.entry.level === "error") {
      problems.push(message.params.entry.text + " " + (message.params.entry.url ?? ""));
    }
  };
  let rest = "";
  answers.setEncoding("utf8").on("data", (text) => {
    const messages = (rest + text).split("\0"); // each ends with a zero
    rest = messages.pop();
    messages.forEach((message) => hear(JSON.parse(message)));
  });
  child.on("exit", () => waiting.forEach(({ failed }) => failed(new Error(program + " ended"))));
  const { targetInfos } = await send("Target.getTargets");
  const { targetId } = targetInfos.find((one) => one.type === "page");
  session = (await send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
  await Promise.all(["Page", "Runtime", "Log"].map((domain) => send(domain + ".enable")));
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  return {
    problems,
    evaluate,
    visit: (url) => send("Page.navigate", { url }),
    size: (width, height, { ratio = 1, mobile = false } = {}) =>
      send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: ratio, mobile }),
    scheme: (value) => send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] }),
    key: async (key) => {
      await send("Input.dispatchKeyEvent", { type: "keyDown", key, text: key.length === 1 ? key : undefined });
      await send("Input.dispatchKeyEvent", { type: "keyUp", key });
    },
    click: async (x, y) => {
      for (const type of ["mousePressed", "mouseReleased"]) {
        await send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
      }
    },
    picture: async () => Buffer.from((await send("Page.captureScreenshot", { format: "png" })).data, "base64"),
    /** Waits until an expression of the page is true. */
    until: async (expression, what, millis = 60_000) => {
      const end = Date.now() + millis;
      while (!(await evaluate(expression))) {
        if (Date.now() > end) throw new Error(`waited ${millis / 1000} s in vain for ${what}`);
        await new Promise((next) => setTimeout(next, 200));
      }
    },
    close: async () => {
      const ended = new Promise((end) => child.once("exit", end));
      child.kill();
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
