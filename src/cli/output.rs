//! Standard output as a plain file: the library's own wraps it into a buffer that looks for line feeds in every write.

use std::io::Write;

/// Standard output. Whoever writes to it collects what belongs together.
pub(super) fn standard() -> Box<dyn Write + Send> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        if let Ok(copy) = std::io::stdout().as_fd().try_clone_to_owned() {
            return Box::new(std::fs::File::from(copy));
        }
    }
    // A console of Windows wants UTF-16, which the library knows.
    Box::new(std::io::stdout())
}
