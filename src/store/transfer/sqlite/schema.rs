//! Which columns a table has, by the statement that made it: the format itself does not say.

/// As many columns as SQLite allows.
const COLUMNS_MAX: usize = 2_000;

/// What a line within the brackets begins with when it is no column.
const CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// The columns of a table in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    names: Vec<String>,
    /// The one that stands for the row id and is not stored.
    row_id: Option<usize>,
}

impl Columns {
    /// Those of the table of tables.
    pub fn of_schema() -> Self {
        let names = ["type", "name", "tbl_name", "rootpage", "sql"];
        Self { names: names.map(str::to_owned).to_vec(), row_id: None }
    }

    /// Reads `CREATE TABLE name (…)`; `None` if it is anything else.
    pub fn parse(sql: &str) -> Option<Self> {
        let mut columns = Self { names: Vec::new(), row_id: None };
        for words in definitions(sql)? {
            let Some(Word { text, quoted }) = words.first() else { continue };
            if !quoted && CONSTRAINTS.iter().any(|word| word.eq_ignore_ascii_case(text)) {
                continue;
            }
            let is = |index: usize, expected: &str| {
                words.get(index).is_some_and(|word| !word.quoted && word.text.eq_ignore_ascii_case(expected))
            };
            let key =
                (1..words.len()).any(|index| is(index, "PRIMARY") && is(index.saturating_add(1), "KEY"));
            if is(1, "INTEGER") && key {
                columns.row_id = Some(columns.names.len());
            }
            columns.names.push(text.clone());
            if columns.names.len() > COLUMNS_MAX {
                return None;
            }
        }
        Some(columns)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    pub fn row_id(&self) -> Option<&str> {
        self.names.get(self.row_id?).map(String::as_str)
    }
}

/// A word of a statement, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    quoted: bool,
}

/// The words of each definition within the outer brackets; what stands in inner ones is left out.
fn definitions(sql: &str) -> Option<Vec<Vec<Word>>> {
    let mut definitions = vec![Vec::new()];
    let mut depth = 0_usize;
    let mut rest = sql.chars().peekable();
    while let Some(char) = rest.next() {
        let close = match char {
            '(' => {
                depth = depth.saturating_add(1);
                continue;
            }
            ')' if depth == 1 => return Some(definitions),
            ')' => {
                depth = depth.saturating_sub(1);
                continue;
            }
            ',' if depth == 1 => {
                definitions.push(Vec::new());
                continue;
            }
            '"' | '`' | '\'' => Some(char),
            '[' => Some(']'),
            _ if is_word(char) => None,
            _ => continue,
        };
        let mut text = String::new();
        if let Some(close) = close {
            while let Some(next) = rest.next() {
                if next != close {
                    text.push(next);
                } else if rest.next_if_eq(&close).is_some() {
                    // Twice within quotes is the quote itself.
                    text.push(close);
                } else {
                    break;
                }
            }
        } else {
            text.push(char);
            while let Some(next) = rest.next_if(|char| is_word(*char)) {
                text.push(next);
            }
        }
        if depth == 1 {
            definitions.last_mut()?.push(Word { text, quoted: close.is_some() });
        }
    }
    None
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_' || char == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_from_the_statement_that_made_the_table() {
        let sql = r#"CREATE TABLE "t" (
            "id" integer PRIMARY KEY NOT NULL, [a b] varchar CHECK(x IN ('1', '2')) DEFAULT ('a, b'),
            `c``d` decimal(10, 2), plain, "primary" text, CONSTRAINT "U" UNIQUE ("id", plain), PRIMARY KEY (plain))"#;
        let columns = Columns::parse(sql).unwrap();
        assert_eq!(columns.names().collect::<Vec<_>>(), ["id", "a b", "c`d", "plain", "primary"]);
        assert_eq!(columns.row_id(), Some("id"));
        let other = Columns::parse("CREATE TABLE t (id varchar PRIMARY KEY)").unwrap();
        assert_eq!(other.row_id(), None);
    }

    #[test]
    fn a_statement_that_breaks_off_is_none() {
        for sql in ["", "CREATE TABLE t", "CREATE TABLE t (a", "CREATE TABLE t (\"a", "(((((("] {
            assert_eq!(Columns::parse(sql), None, "{sql}");
        }
    }
}
