import "./theme/tokens.css";
import "./theme/base.css";
import "./theme/forced.css";
import "./theme/fonts";

import { render } from "preact";
import { App } from "./app";
import { path } from "./router";
import { screenAt } from "./screens/routes";
import { bring } from "./state/code";

const first = screenAt(path.value);
if (first) bring(first.load).catch(() => undefined); // on its way with the words; the screen says what failed

render(<App />, document.getElementById("app") as HTMLElement);
