// Customer pages: each answered part of what stands in data-keep="address" is kept as soon as it is given.
// Written for browsers of 2019; without it the button at the end sends everything all the same.
(function () {
  "use strict";

  function keep(part) {
    var status = part.querySelector("[data-keep-status]");
    var form = part.closest("form");
    var timer = null;

    // What else is typed on the page is not an answer, and is not sent along.
    function given() {
      var data = new FormData();
      data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      Array.prototype.forEach.call(part.querySelectorAll("input, textarea"), function (field) {
        if (field.type !== "radio" || field.checked) data.append(field.name, field.value);
      });
      return data;
    }

    function send() {
      timer = null;
      fetch(part.getAttribute("data-keep"), { method: "POST", body: given(), credentials: "same-origin" })
        .then(function (answer) {
          if (status) status.textContent = answer.ok ? part.getAttribute("data-kept") : "";
        })
        .catch(function () {
          if (status) status.textContent = part.getAttribute("data-lost");
        });
    }

    function later(wait) {
      return function () {
        if (timer) clearTimeout(timer);
        timer = setTimeout(send, wait);
      };
    }

    part.addEventListener("change", later(150));
    part.addEventListener("input", later(1200));
    form.addEventListener("submit", function () {
      if (timer) clearTimeout(timer);
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-keep]"), keep);
})();
