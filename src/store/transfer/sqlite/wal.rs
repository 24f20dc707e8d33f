//! The write-ahead log beside a file: pages that are newer than the file's own, up to the last transaction that ended.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Seek, SeekFrom};

use crate::store::transfer::sqlite::SqliteError;
use crate::store::transfer::sqlite::page::u32_at;

const HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;

/// The last bit says in which order the checksums read their numbers.
const MAGIC: u32 = 0x377f_0682;

/// How much of a log is read. Programs fold theirs into the file every few megabytes.
const LOG_BYTES_MAX: u64 = 256 << 20;

/// Which pages stand in a log, and where.
pub(super) struct Log<R> {
    file: R,
    places: HashMap<u32, u64>,
}

impl<R: Read + Seek> Log<R> {
    /// Reads all frames once; `None` if the log is empty or was never finished. Frames count as far as their checksums
    /// are right, as they do for SQLite.
    pub fn open(mut file: R, page_bytes: usize) -> Result<Option<Self>, SqliteError> {
        let mut header = [0; HEADER_BYTES];
        file.seek(SeekFrom::Start(0))?;
        if !filled(&mut file, &mut header)? {
            return Ok(None);
        }
        let magic = u32_at(&header, 0)?;
        let big_end = magic & 1 == 1;
        let (summed, sum) = header.split_at(24);
        let mut checksum = Checksum::default();
        checksum.add(summed, big_end);
        if magic & !1 != MAGIC || u32_at(&header, 8)? as usize != page_bytes || !checksum.is(sum) {
            return Ok(None);
        }
        let mut places = HashMap::new();
        let mut open = HashMap::new();
        let mut frame = vec![0; FRAME_HEADER_BYTES.saturating_add(page_bytes)];
        let mut at = HEADER_BYTES as u64;
        while at < LOG_BYTES_MAX && filled(&mut file, &mut frame)? {
            let (head, page) = frame.split_at(FRAME_HEADER_BYTES);
            checksum.add(head.get(..8).unwrap_or_default(), big_end);
            checksum.add(page, big_end);
            if head.get(8..16) != header.get(16..24) || !checksum.is(head.get(16..).unwrap_or_default()) {
                break;
            }
            open.insert(u32_at(head, 0)?, at.saturating_add(FRAME_HEADER_BYTES as u64));
            // The size of the database after it is there only where a transaction ends.
            if u32_at(head, 4)? != 0 {
                places.extend(open.drain());
            }
            at = at.saturating_add(frame.len() as u64);
        }
        Ok(Some(Self { file, places }))
    }

    /// Where in the log the page begins, if the log has it.
    pub fn place(&self, page: u32) -> Option<u64> {
        self.places.get(&page).copied()
    }

    pub fn file(&mut self) -> &mut R {
        &mut self.file
    }
}

/// Whether there was enough to fill it.
fn filled(file: &mut impl Read, buffer: &mut [u8]) -> Result<bool, SqliteError> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The running sum of a log.
#[derive(Clone, Copy, Debug, Default)]
struct Checksum(u32, u32);

impl Checksum {
    fn add(&mut self, bytes: &[u8], big_end: bool) {
        let number = if big_end { u32::from_be_bytes } else { u32::from_le_bytes };
        for [a, b, c, d, e, f, g, h] in bytes.as_chunks().0 {
            self.0 = self.0.wrapping_add(number([*a, *b, *c, *d])).wrapping_add(self.1);
            self.1 = self.1.wrapping_add(number([*e, *f, *g, *h])).wrapping_add(self.0);
        }
    }

    fn is(self, stored: &[u8]) -> bool {
        let [a, b] = [self.0.to_be_bytes(), self.1.to_be_bytes()];
        stored.len() == 8 && stored.starts_with(&a) && stored.ends_with(&b)
    }
}
