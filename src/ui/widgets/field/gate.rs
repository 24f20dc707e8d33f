//! Stands before egui's input: what is too long for the field that has the keyboard is cut here, before anything
//! copies it or lays it out.

use eframe::egui::{Context, Event, Id, Plugin, RawInput, ViewportIdMap};

use crate::ui::widgets::field::{Bounded, Limit, Overflow, STRING_BYTES_MAX};

/// More are not kept: they would all say the same.
const REMARKS_MAX: usize = 4;

/// What was left out of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldRemark {
    /// A text was too long.
    Cut {
        /// What the field is called.
        field: String,
        /// The most that it holds, in bytes.
        bytes_max: usize,
        /// Bytes that were taken.
        taken: usize,
        /// Bytes that there were.
        of: usize,
    },
    /// Control characters are not taken.
    Controls {
        /// What the field is called.
        field: String,
        /// How many there were.
        count: usize,
    },
}

/// A field of the frame before.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    pub id: Id,
    pub name: String,
    pub limit: Limit,
    /// What may be pasted into it, in bytes.
    pub room: usize,
}

/// The fields of a window that may be given text.
#[derive(Debug, Default)]
pub(super) struct Aims {
    /// The field that has the keyboard.
    pub focused: Option<Watched>,
    /// The field under the pointer.
    pub hovered: Option<Watched>,
}

/// What is kept between frames.
#[derive(Debug, Default)]
pub(super) struct Gate {
    /// By window.
    pub aims: ViewportIdMap<Aims>,
    diverted: Option<(Id, String)>,
    remarks: Vec<FieldRemark>,
}

impl Gate {
    pub fn take_diverted(&mut self, field: Id) -> Option<String> {
        self.diverted.take_if(|(id, _)| *id == field).map(|(_, text)| text)
    }

    pub fn take_remarks(&mut self) -> Vec<FieldRemark> {
        std::mem::take(&mut self.remarks)
    }

    fn remark(&mut self, remark: FieldRemark) {
        if self.remarks.len() < REMARKS_MAX {
            self.remarks.push(remark);
        }
    }

    /// What the field itself left out.
    pub fn add_remarks(&mut self, field: &str, bounded: &Bounded<'_>) {
        let bytes_max = bounded.limit().bytes_max;
        let left_out = bounded.left_out();
        if left_out.controls > 0 {
            self.remark(FieldRemark::Controls { field: field.to_owned(), count: left_out.controls });
        }
        if let Some((taken, of)) = left_out.cut {
            self.remark(FieldRemark::Cut { field: field.to_owned(), bytes_max, taken, of });
        }
    }

    /// Cuts a text to what the field takes, or takes it away whole.
    fn pass(&mut self, text: &mut String, field: Option<&Watched>) {
        let Some(Watched { id, name, limit, room }) = field else {
            // Nothing that we know of takes it.
            text.truncate(text.floor_char_boundary(STRING_BYTES_MAX));
            return;
        };
        let of = text.len();
        if of <= *room {
            return;
        }
        match limit.overflow {
            Overflow::Divert => self.diverted = Some((*id, std::mem::take(text))),
            Overflow::Cut => {
                let taken = text.floor_char_boundary(*room);
                text.truncate(taken);
                // Its memory too: egui copies the events, and undo keeps them.
                text.shrink_to_fit();
                let field = name.clone();
                self.remark(FieldRemark::Cut { field, bytes_max: limit.bytes_max, taken, of });
            }
        }
    }
}

impl Plugin for Gate {
    fn debug_name(&self) -> &'static str {
        "fields"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        let Aims { focused, hovered } = self.aims.remove(&input.viewport_id).unwrap_or_default();
        self.diverted = None;
        for event in &mut input.events {
            match event {
                Event::Paste(text) | Event::Text(text) => self.pass(text, focused.as_ref()),
                Event::MiddleClickPaste { text, .. } => self.pass(text, hovered.as_ref()),
                // Whatever else brings text is bounded by the field itself.
                _ => {}
            }
        }
    }
}
