// One event stream; everything the page shows comes through it.

const SECTIONS = ['summary', 'topology', 'slos', 'resources', 'refusals'];

export function follow(onSection, onLive) {
  let source = null;
  let silence = 0;

  function open() {
    if (source) return;
    source = new EventSource('/api/stream');
    for (const name of SECTIONS) {
      source.addEventListener(name, (event) => onSection(name, JSON.parse(event.data)));
    }
    source.addEventListener('tick', () => {
      clearTimeout(silence);
      silence = setTimeout(() => onLive(false), 6000);
      onLive(true);
    });
    source.onerror = () => onLive(false);
  }

  function close() {
    if (source) source.close();
    source = null;
    clearTimeout(silence);
  }

  // A hidden tab costs nothing; what it missed comes whole when it is shown again.
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  open();
}
