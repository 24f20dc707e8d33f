//! The body of a topics frame: number, length and bytes of each topic.
//!
//! Numbers are valid for one run of a recorder, across all of its segments; each segment defines those it uses.

use crate::recording::format::input::{Input, MalformedFrame};
use crate::recording::format::varint;

/// Appends a definition.
pub(in crate::recording) fn put(out: &mut Vec<u8>, id: u32, topic: &[u8]) {
    varint::put(out, u64::from(id));
    varint::put(out, topic.len() as u64);
    out.extend_from_slice(topic);
}

/// Passes every definition to `each`.
pub(in crate::recording) fn read<'a>(
    body: &'a [u8],
    mut each: impl FnMut(u32, &'a [u8]),
) -> Result<(), MalformedFrame> {
    let mut input = Input(body);
    while !input.0.is_empty() {
        let id = input.varint_u32()?;
        each(id, input.counted()?);
    }
    Ok(())
}
