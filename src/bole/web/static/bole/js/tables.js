/* Rows that CSS turns into cards lose their table meaning in some browsers; roles keep it. */
import { all, onContent, within } from "./page.js";

onContent((part) => {
  within(part, "table.table--cards, table.matrix, table.gtable--kv").forEach((table) => {
    table.setAttribute("role", "table");
    all("thead, tbody, tfoot", table).forEach((group) => group.setAttribute("role", "rowgroup"));
    all("tr", table).forEach((row) => row.setAttribute("role", "row"));
    all("td", table).forEach((cell) => cell.setAttribute("role", "cell"));
    all("th", table).forEach((cell) => cell.setAttribute("role", cell.closest("thead") ? "columnheader" : "rowheader"));
  });
});
