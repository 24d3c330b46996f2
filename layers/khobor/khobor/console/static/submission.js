// Shows how far a page is, and the finished page when it is there.
"use strict";

const steps = document.querySelector(".steps");

async function look() {
  let found;
  try {
    const answer = await fetch(steps.dataset.state);
    if (!answer.ok) throw new Error(answer.status);
    found = await answer.json();
  } catch {
    stop();
    return;
  }
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

function stop() {
  const said = document.createElement("p");
  said.className = "notice";
  said.textContent = "The console does not answer any more. If it still runs, load this page again.";
  steps.after(said);
}

setTimeout(look, 500);
