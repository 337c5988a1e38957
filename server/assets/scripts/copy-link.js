// Turns each link marked data-copy-link into one that also copies its address.
export function copyLinks() {
  for (const link of document.querySelectorAll("a[data-copy-link]")) {
    link.addEventListener("click", async (event) => {
      if (!navigator.clipboard) return;
      event.preventDefault();
      await navigator.clipboard.writeText(link.href);
      document.getElementById(link.dataset.copyLink).textContent = "Link copied";
    });
  }
}
