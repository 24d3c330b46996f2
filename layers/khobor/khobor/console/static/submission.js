// Shows the progress of a submission, and reloads the page when it has ended.
"use strict";

const steps = document.querySelector(".steps");

async function poll() {
  let update;
  try {
    const answer = await fetch(steps.dataset.state);
    if (!answer.ok) throw new Error(answer.status);
    update = await answer.json();
  } catch {
    stop();
    return;
  }
  if (update.isOver) {
    location.reload();
    return;
  }
  update.steps.forEach((step, number) => {
    const shown = steps.children[number];
    if (shown.dataset.state !== step.state) {
      shown.dataset.state = step.state;
      shown.querySelector(".mark").textContent = step.state;
      shown.querySelector(".detail").textContent = step.detail;
    }
  });
  setTimeout(poll, 1000);
}

function stop() {
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.textContent = "The console no longer answers. If it is still running, reload this page.";
  steps.after(notice);
}

setTimeout(poll, 500);
