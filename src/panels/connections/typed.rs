//! Numbers as typed: invalid text is kept and marked.

use std::fmt::Display;
use std::str::FromStr;

use crate::mqtt::check::Field;
use crate::panels::connections::mistakes::Mistake;
use crate::words::Label;

/// The texts of number fields that differ from the canonical form of their number.
#[derive(Debug, Default)]
pub(super) struct TypedNumbers(Vec<TypedNumber>);

#[derive(Debug)]
struct TypedNumber {
    field: Field,
    text: String,
    /// The error that says which numbers are valid, if the text is not one.
    wrong: Option<Label>,
}

impl TypedNumbers {
    /// The text to show in a field whose number is `value`.
    pub fn text(&self, field: Field, value: Option<impl Display>) -> String {
        let typed = self.0.iter().find(|typed| typed.field == field).map(|typed| typed.text.clone());
        typed.unwrap_or_else(|| value.map_or_else(String::new, |value| value.to_string()))
    }

    /// Handles a typed text: stores the number in `value`, or `None` if the field is empty and `optional`. Invalid text
    /// is kept with its error and leaves the value unchanged.
    pub fn take<N: FromStr>(
        &mut self,
        field: Field,
        text: String,
        value: &mut Option<N>,
        optional: bool,
        not_a_number: Label,
    ) {
        self.forget(field);
        let trimmed = text.trim();
        let mut wrong = None;
        if optional && trimmed.is_empty() {
            *value = None;
        } else if let Ok(number) = trimmed.parse() {
            *value = Some(number);
        } else {
            wrong = Some(not_a_number);
        }
        self.0.push(TypedNumber { field, text, wrong });
    }

    /// Shows the number itself again.
    pub fn forget(&mut self, field: Field) {
        self.0.retain(|typed| typed.field != field);
    }

    /// Shows the numbers themselves again in all fields matched by `is_gone`.
    pub fn forget_all(&mut self, is_gone: impl Fn(Field) -> bool) {
        self.0.retain(|typed| !is_gone(typed.field));
    }

    /// Whether the text in a field is not a valid number.
    pub fn is_wrong(&self, field: Field) -> bool {
        self.mistakes().any(|mistake| mistake.field == field)
    }

    /// The mistakes in all number fields.
    pub fn mistakes(&self) -> impl Iterator<Item = Mistake> {
        self.0.iter().filter_map(|typed| Some(Mistake::not_a_number(typed.field, typed.wrong?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::label;

    #[test]
    fn an_empty_field_is_no_number_unless_it_may_be_left_out() {
        let mut typed = TypedNumbers::default();
        for (text, optional, taken) in [(" ", true, None), (" ", false, Some(5)), (" 7 ", false, Some(7_u16))]
        {
            let mut value = Some(5);
            typed.take(Field::Port, text.to_owned(), &mut value, optional, label("wrong", "错误"));
            assert_eq!(value, taken, "{text:?}");
            assert_eq!(typed.is_wrong(Field::Port), taken == Some(5), "{text:?}");
        }
    }
}
