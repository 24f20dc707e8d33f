//! Small parts that several panels draw with. No part knows what a topic or a session is.

pub mod access;
pub mod check_box;
pub mod collapsible;
pub mod context_menu;
pub mod controls;
pub mod dialog;
pub mod empty;
pub mod field;
pub mod line_list;
pub mod one_line;
pub mod pairs;
pub mod segments;
pub mod share;
pub mod text_view;
pub mod virtual_list;
