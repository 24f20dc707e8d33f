//! Pages: from the file or from its write-ahead log, and the cells of those that are part of a table.

use std::borrow::Cow;
use std::io::{Read, Seek, SeekFrom};

use crate::store::transfer::sqlite::record::{Encoding, varint};
use crate::store::transfer::sqlite::wal::Log;
use crate::store::transfer::sqlite::{MAGIC, SqliteError};

/// How many bytes of pages are read of one file.
const READ_BYTES_MAX: u64 = 512 << 20;

/// The header of the file, in bytes; it stands on the first page.
const FILE_HEADER_BYTES: usize = 100;

const INTERIOR_TABLE: u8 = 5;
const LEAF_TABLE: u8 = 13;

/// The pages of a file, as of the last transaction that ended.
pub(super) struct Pages<R> {
    file: R,
    log: Option<Log<R>>,
    page_bytes: usize,
    /// Without what is reserved at the end of each page.
    usable_bytes: usize,
    encoding: Encoding,
    read_bytes_left: u64,
}

impl<R: Read + Seek> Pages<R> {
    pub fn open(mut file: R, log: Option<R>) -> Result<Self, SqliteError> {
        let mut header = [0; FILE_HEADER_BYTES];
        file.seek(SeekFrom::Start(0))?;
        file.read_exact(&mut header).map_err(|_short| SqliteError::Damaged)?;
        let page_bytes = match u16_at(&header, 16)? {
            1 => 65_536,
            bytes if bytes >= 512 && bytes.is_power_of_two() => usize::from(bytes),
            _ => return Err(SqliteError::Damaged),
        };
        let usable_bytes = page_bytes.saturating_sub(usize::from(byte_at(&header, 20)?));
        let encoding = Encoding::from_header(u32_at(&header, 56)?).ok_or(SqliteError::Damaged)?;
        if !header.starts_with(MAGIC) || usable_bytes < 480 {
            return Err(SqliteError::Damaged);
        }
        let log = log.map(|log| Log::open(log, page_bytes)).transpose()?.flatten();
        Ok(Self { file, log, page_bytes, usable_bytes, encoding, read_bytes_left: READ_BYTES_MAX })
    }

    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// A page; they count from 1.
    fn page(&mut self, number: u32) -> Result<Vec<u8>, SqliteError> {
        let bytes = self.page_bytes as u64;
        self.read_bytes_left = self.read_bytes_left.checked_sub(bytes).ok_or(SqliteError::Damaged)?;
        let index = u64::from(number).checked_sub(1).ok_or(SqliteError::Damaged)?;
        let mut page = vec![0; self.page_bytes];
        let newer = self.log.as_mut().and_then(|log| Some((log.place(number)?, log.file())));
        let (at, file) = newer.unwrap_or((index.saturating_mul(bytes), &mut self.file));
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut page).map_err(|_short| SqliteError::Damaged)?;
        page.truncate(self.usable_bytes);
        Ok(page)
    }

    /// A page of a table.
    pub fn tree_page(&mut self, number: u32) -> Result<TreePage, SqliteError> {
        let content = self.page(number)?;
        let start = if number == 1 { FILE_HEADER_BYTES } else { 0 };
        let is_leaf = match byte_at(&content, start)? {
            LEAF_TABLE => true,
            INTERIOR_TABLE => false,
            _ => return Err(SqliteError::Damaged),
        };
        let cells = usize::from(u16_at(&content, start.saturating_add(3))?);
        Ok(TreePage { content, start, is_leaf, cells })
    }

    /// The payload with what of it stands on other pages.
    pub fn whole<'a>(&mut self, payload: Payload<'a>) -> Result<Cow<'a, [u8]>, SqliteError> {
        let Some(mut next) = payload.overflow else { return Ok(Cow::Borrowed(payload.local)) };
        let mut content = payload.local.to_vec();
        while content.len() < payload.bytes {
            let page = self.page(next)?;
            next = u32_at(&page, 0)?;
            let missing = payload.bytes.saturating_sub(content.len());
            content.extend(page.iter().skip(4).take(missing));
        }
        Ok(Cow::Owned(content))
    }
}

/// A page of a table's b-tree.
pub(super) struct TreePage {
    content: Vec<u8>,
    /// Where its header begins.
    start: usize,
    is_leaf: bool,
    cells: usize,
}

/// What a cell holds of a row.
#[derive(Clone, Copy)]
pub(super) struct Payload<'a> {
    pub row_id: i64,
    /// Of the whole.
    pub bytes: usize,
    /// The part on this page.
    local: &'a [u8],
    /// The first page of the rest.
    overflow: Option<u32>,
}

impl TreePage {
    pub fn is_leaf(&self) -> bool {
        self.is_leaf
    }

    pub fn cells(&self) -> usize {
        self.cells
    }

    /// The cell, as what stands from its first byte on.
    fn cell(&self, index: usize) -> Result<&[u8], SqliteError> {
        let header = if self.is_leaf { 8 } else { 12 };
        let at = index.saturating_mul(2).saturating_add(self.start).saturating_add(header);
        let at = usize::from(u16_at(&self.content, at)?);
        self.content.get(at..).ok_or(SqliteError::Damaged)
    }

    /// The pages below, in order.
    pub fn children(&self) -> Result<Vec<u32>, SqliteError> {
        let mut children: Vec<u32> =
            (0..self.cells).map(|index| u32_at(self.cell(index)?, 0)).collect::<Result<_, _>>()?;
        children.push(u32_at(&self.content, self.start.saturating_add(8))?);
        Ok(children)
    }

    /// A cell of a leaf: how long the payload is, the row id, the payload or its beginning, and where the rest is.
    pub fn payload(&self, index: usize) -> Result<Payload<'_>, SqliteError> {
        let cell = self.cell(index)?;
        let (bytes, cell) = varint(cell).ok_or(SqliteError::Damaged)?;
        let (row_id, cell) = varint(cell).ok_or(SqliteError::Damaged)?;
        let bytes = usize::try_from(bytes).map_err(|_negative| SqliteError::Damaged)?;
        let local_bytes = local_bytes(bytes, self.content.len());
        let local = cell.get(..local_bytes).ok_or(SqliteError::Damaged)?;
        let overflow = (local_bytes < bytes).then(|| u32_at(cell, local_bytes)).transpose()?;
        Ok(Payload { row_id, bytes, local, overflow })
    }
}

/// How much of a payload stands on its own page, of which `usable` bytes can be used.
fn local_bytes(payload: usize, usable: usize) -> usize {
    let all_max = usable.saturating_sub(35);
    if payload <= all_max {
        return payload;
    }
    let min = (usable.saturating_sub(12) * 32 / 255).saturating_sub(23);
    let filled = min.saturating_add(payload.saturating_sub(min) % usable.saturating_sub(4).max(1));
    if filled <= all_max { filled } else { min }
}

fn byte_at(bytes: &[u8], at: usize) -> Result<u8, SqliteError> {
    bytes.get(at).copied().ok_or(SqliteError::Damaged)
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, SqliteError> {
    let number = bytes.get(at..).and_then(<[u8]>::first_chunk);
    number.map(|bytes| u16::from_be_bytes(*bytes)).ok_or(SqliteError::Damaged)
}

/// A number as the format writes them: big end first.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Result<u32, SqliteError> {
    let number = bytes.get(at..).and_then(<[u8]>::first_chunk);
    number.map(|bytes| u32::from_be_bytes(*bytes)).ok_or(SqliteError::Damaged)
}
