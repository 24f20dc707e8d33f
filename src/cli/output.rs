//! Standard output as a plain file: the standard library's version searches every write for line feeds.

use std::io::Write;

/// Opens standard output without buffering, so callers should combine their writes.
pub(super) fn standard() -> Box<dyn Write + Send> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        if let Ok(copy) = std::io::stdout().as_fd().try_clone_to_owned() {
            return Box::new(std::fs::File::from(copy));
        }
    }
    // A Windows console needs UTF-16, which the standard library handles.
    Box::new(std::io::stdout())
}
