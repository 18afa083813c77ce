"""Files, images, PDF, spreadsheets. The only room that imports those libraries; knows no domain word."""
