// Before the page is painted: the look that was chosen the last time.
(() => {
  const chosen = localStorage.getItem("limner.theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
})();
