// Set the stored theme before the page is painted.
(() => {
  const chosen = localStorage.getItem("limner.theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
})();
