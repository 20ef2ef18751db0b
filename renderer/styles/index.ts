/** Every style sheet, in order. Fonts come first, then tokens, then what uses them. */
import "@fontsource-variable/noto-sans-kr/index.css";
import "./fonts.css";
import "./tokens.css";
import "./base.css";
import "./controls.css";
import "./shell.css";
import "./home.css";
import "./reader.css";
import "./lab.css";
import "./topology.css";
import "./challenge.css";
import "./addresses.css";
import "./files.css";
import "./responsive.css";
import "./forced-colors.css";
