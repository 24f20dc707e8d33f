//! A reader of SQLite's files, as far as another program's few tables of connections need one: tables by name, the
//! columns that are asked for, and what stands in a write-ahead log beside the file. It writes nothing, takes no lock,
//! knows no SQL and no index (<https://www.sqlite.org/fileformat2.html>).
//!
//! The file may be anybody's. Every offset is checked; a page is read when it is needed; what is read, decoded and kept
//! is bounded, so that neither a ring of pages nor a page whose cells overlap takes time or memory without end.

mod page;
mod record;
mod schema;
mod wal;

use std::io::{self, Read, Seek};

use serde_json::{Map, Value};

use crate::store::transfer::sqlite::page::{Pages, Payload};
use crate::store::transfer::sqlite::schema::Columns;

/// What every file of SQLite begins with.
pub(super) const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// A b-tree is not deeper: at two cells a page this is more than a file can hold.
const DEPTH_MAX: usize = 40;

/// How many bytes of rows are decoded of one file.
const DECODED_BYTES_MAX: usize = 64 << 20;

/// Why a database cannot be read. Holds nothing of the file.
#[derive(Debug, thiserror::Error)]
pub(super) enum SqliteError {
    /// The system could not read it.
    #[error("reading the database failed")]
    Io(#[from] io::Error),
    /// It breaks the format, or goes beyond what is read of a file.
    #[error("the database is damaged")]
    Damaged,
}

/// A row: the columns that were asked for and are not null.
pub(super) type Row = Map<String, Value>;

/// A file of SQLite, open for reading.
pub(super) struct Database<R> {
    pages: Pages<R>,
    decoded_bytes_left: usize,
}

impl<R: Read + Seek> Database<R> {
    /// Reads the header, and which pages are newer in the write-ahead log.
    pub fn open(file: R, log: Option<R>) -> Result<Self, SqliteError> {
        Ok(Self { pages: Pages::open(file, log)?, decoded_bytes_left: DECODED_BYTES_MAX })
    }

    /// The first `rows_max` rows of the table in the order of their row ids; `None` if there is no such table.
    pub fn table(
        &mut self,
        name: &str,
        wanted: &[&str],
        rows_max: usize,
    ) -> Result<Option<Vec<Row>>, SqliteError> {
        // The table of tables begins on the first page and says of itself nothing that must be read.
        let tables = Columns::of_schema();
        let tables = self.rows(1, &tables, &["type", "name", "rootpage", "sql"], usize::MAX)?;
        let text = |row: &Row, key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
        let Some(table) = tables.iter().find(|row| {
            text(row, "type").as_deref() == Some("table") && text(row, "name").as_deref() == Some(name)
        }) else {
            return Ok(None);
        };
        let root = table.get("rootpage").and_then(Value::as_u64).and_then(|page| u32::try_from(page).ok());
        let columns = text(table, "sql").and_then(|sql| Columns::parse(&sql));
        let (Some(root), Some(columns)) = (root, columns) else { return Err(SqliteError::Damaged) };
        self.rows(root, &columns, wanted, rows_max).map(Some)
    }

    /// Walks the b-tree in order.
    fn rows(
        &mut self,
        root: u32,
        columns: &Columns,
        wanted: &[&str],
        rows_max: usize,
    ) -> Result<Vec<Row>, SqliteError> {
        let mut rows = Vec::new();
        // Pages to be visited, the next one last, each with its depth.
        let mut waiting = vec![(root, 0)];
        while let Some((number, depth)) = waiting.pop() {
            if depth > DEPTH_MAX {
                return Err(SqliteError::Damaged);
            }
            let page = self.pages.tree_page(number)?;
            if page.is_leaf() {
                for cell in 0..page.cells() {
                    if rows.len() >= rows_max {
                        return Ok(rows);
                    }
                    let payload = page.payload(cell)?;
                    rows.push(self.row(payload, columns, wanted)?);
                }
            } else {
                let children = page.children()?;
                waiting.extend(children.into_iter().rev().map(|child| (child, depth.saturating_add(1))));
            }
        }
        Ok(rows)
    }

    fn row(&mut self, payload: Payload<'_>, columns: &Columns, wanted: &[&str]) -> Result<Row, SqliteError> {
        let row_id = payload.row_id;
        self.decoded_bytes_left =
            self.decoded_bytes_left.checked_sub(payload.bytes).ok_or(SqliteError::Damaged)?;
        let encoding = self.pages.encoding();
        let content = self.pages.whole(payload)?;
        let mut row = Row::new();
        for (name, value) in columns.names().zip(record::values(&content, encoding)) {
            let value = value.ok_or(SqliteError::Damaged)?;
            if !value.is_null() && wanted.contains(&name) {
                row.insert(name.to_owned(), value);
            }
        }
        if let Some(name) = columns.row_id().filter(|name| wanted.contains(name)) {
            row.insert(name.to_owned(), row_id.into());
        }
        Ok(row)
    }
}

#[cfg(test)]
mod tests;
