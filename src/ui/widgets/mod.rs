//! Small parts that several panels draw with. No part knows what a topic or a session is.

pub mod controls;
pub mod dialog;
pub mod virtual_list;
