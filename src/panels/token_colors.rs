//! Colours of tokens and values, shared by the tree, the inspector and the publish editor.

use eframe::egui::Color32;

use crate::payload::Glance;
use crate::payload::json::TokenKind;
use crate::ui::tokens::Tokens;

/// The colour of a token.
pub fn color_of(kind: TokenKind, t: &Tokens) -> Color32 {
    match kind {
        TokenKind::Key | TokenKind::Unknown => t.text,
        TokenKind::String => t.json_string,
        TokenKind::Number => t.json_number,
        TokenKind::Bool => t.json_bool,
        TokenKind::Null => t.json_null,
        TokenKind::Punctuation => t.text_muted,
    }
}

/// The colour of a value on one line.
pub fn color_of_value(kind: Glance, t: &Tokens) -> Color32 {
    match kind {
        Glance::Number => t.json_number,
        Glance::Text => t.json_string,
        Glance::Bool => t.json_bool,
        Glance::Null => t.json_null,
        Glance::Structure | Glance::Other => t.text_muted,
    }
}
