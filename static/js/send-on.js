// A form that goes on by itself: the way into an external tool. Without JavaScript its button does it.
document.querySelector("form[data-send-on]")?.submit();
