// Clicks through a running console in a headless Chromium and takes its pictures.
//
//   node ops/console/check.mjs http://127.0.0.1:8090/ [FOLDER FOR PICTURES]
//
// Exit code 0 when all is well or there is no Chromium (it says so), 1 when something is not. CHROMIUM names another browser.
import { mkdir, writeFile } from "node:fs/promises";
import { accessSync } from "node:fs";
import { join } from "node:path";
import { start } from "./browser.mjs";

const [page, folder] = process.argv.slice(2);
if (!page) {
  console.error("usage: node ops/console/check.mjs PAGE [FOLDER]");
  process.exit(2);
}
const exists = (path) => {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
};
const program = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(exists);
if (!program) {
  console.log("skipped: no Chromium here; install it or name it with CHROMIUM");
  process.exit(0);
}

await fetch(page).catch(() => {
  console.error(`nobody answers at ${page}; start './etesian demo' or './etesian console' first`);
  process.exit(1);
});

const browser = await start(program);
const { evaluate, until } = browser;
const text = (id) => evaluate(`document.getElementById("${id}").textContent`);
const wait = (millis) => new Promise((next) => setTimeout(next, millis));
const click = (selector) => evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);
// Old enough to be observed, and not the next to be forgotten.
const someIssue = `document.querySelector("#issue").options[Math.floor(document.querySelector("#issue").options.length * 0.6)].value`;
let checks = 0;
const check = (right, what) => {
  if (!right) throw new Error(what);
  checks++;
};
const changes = async (act, id, what) => {
  const before = await text(id);
  await act();
  await until(`document.getElementById("${id}").textContent !== ${JSON.stringify(before)}`, what);
  checks++;
};
/** Different colours among some pixels of the map; 1 when nothing is drawn. */
const colours = () =>
  evaluate(`(() => {
    const map = document.getElementById("map");
    const pixels = map.getContext("2d").getImageData(0, 0, map.width, map.height).data;
    const seen = new Set();
    for (let i = 0; i < pixels.length; i += 4 * 997) seen.add(pixels[i] + "," + pixels[i + 1] + "," + pixels[i + 2]);
    return seen.size;
  })()`);
const picture = async (name) => {
  if (folder) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), await browser.picture());
  }
};
const older = async () => {
  await evaluate(`(() => { const issue = document.getElementById("issue"); issue.value = ${someIssue}; issue.dispatchEvent(new Event("change")); })()`);
};

try {
  await browser.size(1360, 920);
  await browser.scheme("light");
  await browser.visit(page);
  await until(`document.querySelector("#colourbar canvas") !== null`, "the first map", 120_000);
  await until(`document.getElementById("skill").textContent !== "–"`, "the first score", 180_000);
  check((await colours()) > 20, "the map shows one colour");
  check(/UTC$/.test(await text("valid")), "the valid time is not in UTC");

  await changes(() => browser.key("ArrowRight"), "lead", "→ to step to the next lead");
  await changes(() => browser.key("ArrowLeft"), "lead", "← to step back");
  await changes(() => browser.key(" "), "lead", "space to play");
  await browser.key(" ");
  check((await evaluate(`document.getElementById("play").getAttribute("aria-label")`)) === "Play", "space does not stop");

  await older();
  await click("#leads button:nth-child(4)");
  await until(`document.querySelectorAll("#leads .observed").length > 3`, "observations");
  await browser.key("1");
  await wait(700);
  await picture("console.png");
  await browser.key("3");
  await until(`/RMSE/.test(document.getElementById("readout").textContent)`, "the error of this forecast");
  const at = await evaluate(`(() => { const b = document.getElementById("map").getBoundingClientRect(); return [b.x + b.width * 0.4, b.y + b.height * 0.3]; })()`);
  await changes(() => browser.click(...at), "place", "a click to choose a place");
  await until(`document.querySelector("#place-chart svg path") !== null`, "the chart of the place");

  await until(`document.querySelector("#models .tag.champion") !== null`, "a champion in the lineage");

  await browser.scheme("dark");
  await browser.key("1");
  await changes(() => browser.key("s"), "variable-name", "s to choose the next stream");
  const smnn = await evaluate(`!document.getElementById("mechanism-card").hidden`);
  if (smnn) {
    check((await evaluate(`document.querySelectorAll("#mechanism tbody tr").length`)) > 0, "the mechanism has no modes");
    check(await evaluate(`document.querySelector("#mechanism-chart svg path") !== null`), "no mode fades");
    // Maps of the mechanism are there when the weights have an encoder: as a fifth product.
    const maps = await evaluate(`document.querySelectorAll("#views button").length === 5`);
    if (maps) {
      await browser.key("5");
      await until(`!document.getElementById("quantity-pick").hidden`, "the quantities of the mechanism");
      check((await colours()) > 20, "the map of the mechanism shows one colour");
      await browser.key("1");
    }
  }
  await until(`document.querySelector("#place-chart svg path") !== null`, "a place of the next stream");
  await older();
  await browser.key("3");
  await until(`/RMSE/.test(document.getElementById("readout").textContent)`, "the error of the next stream");
  await wait(700);
  check((await colours()) > 20, "the map of the error shows one colour");
  await picture("console-dark.png");

  await browser.scheme("light");
  await browser.size(390, 844, { ratio: 1.5, mobile: true });
  await browser.visit(page);
  await until(`document.querySelector("#colourbar canvas") !== null`, "the map on a phone");
  await wait(1500);
  check(await evaluate(`document.documentElement.scrollWidth <= innerWidth`), "the page is wider than a phone");
  await picture("console-phone.png");

  const version = await evaluate(`fetch("/api/state").then((answer) => answer.json()).then((state) => state.version)`);
  check(version > 0, "nothing has come in");
  // The demo is quick: an issue time may be forgotten between the list of it and the question for it.
  const problems = browser.problems.filter((one) => !/404 .*\/api\/(field|point)\?/.test(one));
  check(problems.length === 0, "the browser complains: " + problems.join("; "));
  console.log(`${checks} checks, all well`);
} catch (problem) {
  console.error(problem.message);
  browser.problems.forEach((one) => console.error("the browser: " + one));
  process.exitCode = 1;
} finally {
  await browser.close();
}
