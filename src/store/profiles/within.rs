//! Keeps keys of a profile's tables (`tls`, `will` …) that this version does not know, to write them back.
//!
//! Called by `file`. Elements of lists are left out, because after a change they could not be matched up.

use toml::{Table, Value};

use crate::store::notice::Unwritable;
use crate::store::profiles::Profile;

/// What the tables inside an entry of the file hold that `profile` does not write: keys of a later version, and values
/// that are the same as leaving the key out.
pub(super) fn unknown(entry: &Table, profile: &Profile) -> Table {
    let within =
        |(key, value): (&String, &Value)| Some((key.clone(), Value::Table(value.as_table()?.clone())));
    let tables: Table =
        entry.iter().filter_map(within).filter(|(key, _)| !profile.other.contains_key(key)).collect();
    let written = Table::try_from(profile).unwrap_or_default();
    missing(&tables, &written)
}

/// The part of `table` that is not in `present`, table by table.
fn missing(table: &Table, present: &Table) -> Table {
    let mut rest = Table::new();
    for (key, value) in table {
        match (value, present.get(key)) {
            (Value::Table(value), Some(Value::Table(present))) => {
                let inner = missing(value, present);
                if !inner.is_empty() {
                    rest.insert(key.clone(), Value::Table(inner));
                }
            }
            (_, Some(_)) => {}
            (_, None) => {
                rest.insert(key.clone(), value.clone());
            }
        }
    }
    rest
}

/// The profile as a table that includes [`Profile::other_within`]; `None` if there is nothing to include.
pub(super) fn completed(profile: &Profile) -> Result<Option<Table>, Unwritable> {
    if profile.other_within.is_empty() {
        return Ok(None);
    }
    let mut table = Table::try_from(profile).map_err(|error| Unwritable::Format(error.to_string()))?;
    fill(&mut table, &profile.other_within);
    Ok(Some(table))
}

/// Adds what `table` lacks, without changing what it has.
fn fill(table: &mut Table, from: &Table) {
    for (key, value) in from {
        match (table.get_mut(key), value) {
            (Some(Value::Table(table)), Value::Table(value)) => fill(table, value),
            (Some(_), _) => {}
            (None, value) => {
                table.insert(key.clone(), value.clone());
            }
        }
    }
}
