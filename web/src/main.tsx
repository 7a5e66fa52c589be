import { render } from "preact";
import { App } from "./app";
import "./theme/base.css";
import "./theme/fonts";
import "./theme/tokens.css";

render(<App />, document.getElementById("app") as HTMLElement);
