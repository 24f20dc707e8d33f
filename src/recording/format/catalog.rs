//! The body of a frame of topics: number, length and bytes of each.
//!
//! Numbers hold for one run of a recorder, through all of its segments; each segment defines those that it uses.

use crate::recording::format::input::{Input, Malformed};
use crate::recording::format::varint;

/// Appends a definition.
pub(in crate::recording) fn put(out: &mut Vec<u8>, id: u32, topic: &[u8]) {
    varint::put(out, u64::from(id));
    varint::put(out, topic.len() as u64);
    out.extend_from_slice(topic);
}

/// Hands every definition to `each`.
pub(in crate::recording) fn read<'a>(
    body: &'a [u8],
    mut each: impl FnMut(u32, &'a [u8]),
) -> Result<(), Malformed> {
    let mut input = Input(body);
    while !input.0.is_empty() {
        let id = input.varint_u32()?;
        each(id, input.counted()?);
    }
    Ok(())
}
