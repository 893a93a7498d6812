"""What a browser is asked of a page: each expression gives the texts that are wrong, or none.

Source: WCAG 2.2, success criteria 1.4.3 (contrast), 2.5.8 (size of targets) and 1.4.10 (reflow).
"""

CONTRASTS = """
(() => {
  const channel = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => .2126 * channel(c[0]) + .7152 * channel(c[1]) + .0722 * channel(c[2]);
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const over = (c, under) => c.length < 4 ? c
    : [0, 1, 2].map(i => c[i] * c[3] + under[i] * (1 - c[3]));
  const ground = e => e === null ? [255, 255, 255]
    : over(parse(getComputedStyle(e).backgroundColor), ground(e.parentElement));
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const e = node.parentElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (!node.data.trim() || e.closest('svg, .unseen') || box.width < 2 || !e.checkVisibility())
      continue;
    const [a, b] = [light(parse(style.color)), light(ground(e))].sort((x, y) => y - x);
    const large = parseFloat(style.fontSize) >= 24;
    if ((a + .05) / (b + .05) < (large ? 3 : 4.5)) poor.push(node.data.trim());
  }
  return poor.join('|');
})()
"""
SMALL_TARGETS = """
[...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]
  .filter(each => each.checkVisibility() && !each.closest('.skip, h2, .notice'))
  .map(each => [each.textContent.trim() || each.name, each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([name]) => name).join('|')
"""
CLIPPED = """
[...document.querySelectorAll('h1, h2, h3, p, li, a, button, summary, label')]
  .filter(each => each.checkVisibility() && !each.closest('.unseen, .skip'))
  .filter(each => getComputedStyle(each).display !== 'inline')
  .filter(each => each.scrollWidth > each.clientWidth + 1)
  .map(each => each.textContent.trim().slice(0, 40)).join('|')
"""
