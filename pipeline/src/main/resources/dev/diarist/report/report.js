// A click on the lanes plays from there; the line follows the audio; + and - stretch the time.
for (const file of document.querySelectorAll("details.file")) {
  const lanes = file.querySelector(".lanes");
  const seconds = Number(lanes.dataset.seconds);
  const audio = file.querySelector("audio");
  const head = lanes.querySelector(".playhead");
  const place = (s) => { head.style.left = (100 * s / seconds) + "%"; };
  lanes.addEventListener("click", (event) => {
    const box = lanes.getBoundingClientRect();
    const s = seconds * (event.clientX - box.left) / box.width;
    place(s);
    if (audio) { audio.currentTime = s; audio.play(); }
  });
  if (audio) { audio.addEventListener("timeupdate", () => place(audio.currentTime)); }
  for (const button of file.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const width = Number(lanes.dataset.zoom || 1) * Number(button.dataset.by);
      lanes.dataset.zoom = Math.min(200, Math.max(1, width));
      lanes.style.width = 100 * lanes.dataset.zoom + "%";
    });
  }
  lanes.dataset.ready = "true";
}
