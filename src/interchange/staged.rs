//! A file that takes its name when it is whole, so that a cancelled or failed export leaves what was there.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// What goes out in one write.
pub(super) const WRITE_BYTES: usize = 256 * 1024;

/// A file on its way. Dropping it unfinished removes it.
#[derive(Debug)]
pub(super) struct Staged {
    path: PathBuf,
    /// Where it is written; `None` if straight to `path`, which is no ordinary file.
    beside: Option<PathBuf>,
}

impl Staged {
    /// Creates the file.
    pub fn create(path: &Path) -> io::Result<(Self, BufWriter<File>)> {
        let is_special = fs::metadata(path).is_ok_and(|found| !found.is_file());
        // What a link points to is replaced, and not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let beside = (!is_special).then(|| {
            let mut name = path.file_name().unwrap_or_default().to_os_string();
            name.push(format!(".{}.part", std::process::id()));
            path.with_file_name(name)
        });
        let file = File::create(beside.as_ref().unwrap_or(&path))?;
        Ok((Self { path, beside }, BufWriter::with_capacity(WRITE_BYTES, file)))
    }

    /// Gives the file its name once everything is written.
    pub fn finish(mut self, mut out: BufWriter<File>) -> io::Result<()> {
        out.flush()?;
        drop(out);
        if let Some(beside) = self.beside.take() {
            fs::rename(&beside, &self.path).inspect_err(|_| remove(&beside))?;
        }
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            remove(beside);
        }
    }
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        log::warn!("{} stays: {error}", path.display());
    }
}
