// Customer pages: each answered part of a form with data-keep="address" is kept as soon as it is given.
// Written for browsers of 2019; without it the button at the end sends everything all the same.
(function () {
  "use strict";

  function keep(form) {
    var status = form.querySelector("[data-keep-status]");
    var timer = null;

    function send() {
      timer = null;
      fetch(form.getAttribute("data-keep"), { method: "POST", body: new FormData(form), credentials: "same-origin" })
        .then(function (answer) {
          if (status) status.textContent = answer.ok ? form.getAttribute("data-kept") : "";
        })
        .catch(function () {
          if (status) status.textContent = form.getAttribute("data-lost");
        });
    }

    function later(wait) {
      return function () {
        if (timer) clearTimeout(timer);
        timer = setTimeout(send, wait);
      };
    }

    form.addEventListener("change", later(150));
    form.addEventListener("input", later(1200));
    form.addEventListener("submit", function () {
      if (timer) clearTimeout(timer);
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-keep]"), keep);
})();
