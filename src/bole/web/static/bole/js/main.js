/* Entry of the page scripts. Every page can be read and submitted without them.
   Listeners sit on the document, so they also serve what htmx swaps in; work on given elements goes through onContent. */
import "./preferences.js";
import "./disclosure.js";
import "./tree.js";
import "./dialogs.js";
import "./toasts.js";
import "./counters.js";
import "./tables.js";
import "./worklist.js";
import "./review.js";
import "./viewer.js";
import "./shortcuts.js";
import "./visibility.js";
import "./cascades.js";
import "./combobox.js";
import "./evidence.js";
import "./uploads.js";
import "./autosave.js";
// After autosave: a press that waits for its text to be saved is no press yet.
import "./once.js";
import "./unsaved.js";
import "./places.js";
import "./session.js";
import "./captcha.js";
import "./passkeys.js";
import "./offline.js";
import "./partial.js";
import { start } from "./page.js";

start();
