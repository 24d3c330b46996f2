// Shows how far a page is, and the finished page when it is there.
"use strict";

const steps = document.querySelector(".steps");

async function look() {
  const answer = await fetch(steps.dataset.state);
  if (!answer.ok) return;
  const found = await answer.json();
  if (found.isOver) {
    location.reload();
    return;
  }
  found.steps.forEach((step, number) => {
    const shown = steps.children[number];
    if (shown.dataset.state !== step.state) {
      shown.dataset.state = step.state;
      shown.querySelector(".mark").textContent = step.state;
      shown.querySelector(".detail").textContent = step.detail;
    }
  });
  setTimeout(look, 1000);
}

setTimeout(look, 500);
