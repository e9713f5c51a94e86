'use strict';

// What the book adds to mdBook's own script, which has run by now.

// Only the themes whose contrast is checked are offered. A reader may bring
// another one: all books on one host share what is stored.
(function themes() {
    const offered = ['default_theme', 'light', 'navy'];
    for (const button of document.querySelectorAll('button.theme')) {
        const theme = button.id.replace('mdbook-theme-', '');
        if (offered.includes(theme)) {
            continue;
        }
        button.closest('li').remove();
        if (document.documentElement.classList.contains(theme)) {
            document.getElementById('mdbook-theme-default_theme').click();
        }
    }
})();

// What scrolls inside itself can be scrolled by keyboard, too, and says so.
(function scrollable() {
    for (const frame of document.querySelectorAll('main pre, main .table-wrapper, main .scroll')) {
        const region = frame.matches('pre') ? frame.querySelector('code') ?? frame : frame;
        region.tabIndex = 0;
    }
})();

// The button of the sidebar is a label of a check box that nobody sees: fine
// without scripts, and out of the keyboard's reach. With scripts, which are here,
// a button takes its place, and clicks it.
(function sidebarButton() {
    const label = document.getElementById('mdbook-sidebar-toggle');
    const box = document.getElementById('mdbook-sidebar-toggle-anchor');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = label.className;
    button.title = label.title;
    button.append(...label.childNodes);
    button.setAttribute('aria-label', label.title);
    button.setAttribute('aria-controls', 'mdbook-sidebar');
    const tell = () => button.setAttribute('aria-expanded', box.checked);
    button.addEventListener('click', () => label.click());
    box.addEventListener('change', tell);
    tell();
    label.before(button);
    label.hidden = true;
})();

// People who jump from landmark to landmark find the menu.
document.getElementById('mdbook-menu-bar').setAttribute('role', 'banner');

// The search is a landmark too, its field has a name, and is described by the
// line that counts what was found.
(function search() {
    const field = document.getElementById('mdbook-searchbar');
    field.setAttribute('aria-label', 'Search this book');
    field.setAttribute('aria-describedby', 'mdbook-searchresults-header');
    document.getElementById('mdbook-search-wrapper').setAttribute('role', 'search');
})();
