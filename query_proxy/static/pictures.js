/* Takes pictures away that cannot be loaded: what is drawn behind them says more than a broken frame. */

const PICTURES = ".picture img";

document.addEventListener(
  "error",
  (event) => {
    if (event.target instanceof Element && event.target.matches(PICTURES)) event.target.hidden = true;
  },
  true, // errors of pictures do not bubble
);

for (const picture of document.querySelectorAll(PICTURES)) {
  if (picture.complete && !picture.naturalWidth) picture.hidden = true; // before this script ran
}
