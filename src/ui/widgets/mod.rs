//! Small parts that several panels draw with. No part knows what a topic or a session is.

pub mod check_box;
pub mod controls;
pub mod dialog;
pub mod empty;
pub mod one_line;
pub mod segments;
pub mod virtual_list;
