//! Reads a file that the program keeps, and refuses anything else in its place.
//!
//! A pipe would block the start for ever; a device or a huge file would fill the memory. Writing refuses them too: a
//! rename would destroy a dangling link or a device.

use std::fs::{self, File, FileType};
use std::io::{self, Read as _};
use std::path::Path;

use crate::store::notice::{FileStep, Obstacle, StoreError};

/// The file's content, at most `bytes_max`; `None` if there is no file.
pub fn read(path: &Path, bytes_max: u64) -> Result<Option<Vec<u8>>, StoreError> {
    if let Some(found) = obstacle(path) {
        return Err(StoreError::NotAFile { path: path.to_owned(), found, writing: false });
    }
    let failed = |source| StoreError::reading(path, FileStep::Open, source);
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let bytes = file.metadata().map_err(failed)?.len();
    let too_large = |bytes| StoreError::TooLarge { path: path.to_owned(), bytes, bytes_max, writing: false };
    if bytes > bytes_max {
        return Err(too_large(bytes));
    }
    let mut content = Vec::with_capacity(usize::try_from(bytes).unwrap_or_default());
    file.take(bytes_max + 1).read_to_end(&mut content).map_err(failed)?;
    // It may have grown since its size was checked.
    if content.len() as u64 > bytes_max { Err(too_large(content.len() as u64)) } else { Ok(Some(content)) }
}

/// What is in the place of a file, if it is neither a file nor missing.
pub(super) fn obstacle(path: &Path) -> Option<Obstacle> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => None,
        Ok(metadata) => Some(kind(metadata.file_type())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let target = fs::read_link(path).ok()?;
            Some(Obstacle::DanglingLink { target })
        }
        // Opening it will report the reason.
        Err(_) => None,
    }
}

fn kind(found: FileType) -> Obstacle {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if found.is_fifo() {
            return Obstacle::Pipe;
        } else if found.is_socket() {
            return Obstacle::Socket;
        } else if found.is_char_device() || found.is_block_device() {
            return Obstacle::Device;
        }
    }
    if found.is_dir() { Obstacle::Folder } else { Obstacle::Other }
}
