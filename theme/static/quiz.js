// Quizzes on the page: choices are graded at once, by quiz_rules.js, and what
// passes counts as graded. No request is made.
for (const form of document.querySelectorAll("form.quiz")) {
  const about = form.dataset.quiz;
  const KEY = `selfattn-chosen.${about}`;
  const quiz = JSON.parse(form.nextElementSibling.textContent);
  const place = form.querySelector(".quiz-report");
  // A group of choices, or one field for a number.
  const fields = quiz.lines.map((_, n) => form.elements[`${about}.${n}`]);
  const answer = () => fields.map((field) => field.value);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const report = bookQuiz.grade(quiz, answer());
    place.innerHTML = bookQuiz.html(quiz, report);
    // An empty region first: a verdict given twice is heard twice.
    const heard = place.querySelector("[role=status]");
    const parts = [...heard.childNodes];
    heard.replaceChildren();
    setTimeout(() => heard.replaceChildren(...parts), 50);
    const note = window.bookProgressNote?.(
      about, report.status, report.diagnosis);
    if (note) place.append(note);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  // What was chosen is kept in this browser, where it keeps anything.
  form.addEventListener("input", () => {
    try {
      localStorage.setItem(KEY, JSON.stringify(answer()));
    } catch {}
  });
  form.addEventListener("reset", () => {
    place.replaceChildren();
    try {
      localStorage.removeItem(KEY);
    } catch {}
  });
  try {
    const kept = JSON.parse(localStorage.getItem(KEY)) ?? [];
    if (kept.length === fields.length) {
      fields.forEach((field, n) => (field.value = kept[n]));
    }
  } catch {}
}
