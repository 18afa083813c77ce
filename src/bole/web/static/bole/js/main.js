/* Entry of the page scripts. Every page can be read and submitted without them.
   Listeners sit on the document, so they also serve what htmx swaps in; work on given elements goes through onContent. */
import "./preferences.js";
import "./disclosure.js";
import "./dialogs.js";
import "./toasts.js";
import "./counters.js";
import "./tables.js";
import "./worklist.js";
import "./review.js";
import "./viewer.js";
import "./once.js";
import "./shortcuts.js";
import "./visibility.js";
import "./cascades.js";
import "./combobox.js";
import "./evidence.js";
import "./uploads.js";
import "./autosave.js";
import "./unsaved.js";
import "./places.js";
import "./session.js";
import "./captcha.js";
import "./offline.js";
import "./partial.js";
import { start } from "./page.js";

start();
