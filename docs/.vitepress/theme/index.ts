// How the site looks: the default theme in calmer colours.
import theme from "vitepress/theme";
import "./style.css";

export default theme;
