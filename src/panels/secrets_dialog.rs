//! The dialog that asks for secrets that a connection needs but nobody stored: passwords, passphrases, tokens.

use eframe::egui::{self, Context, Key, RichText, Ui};

use crate::mqtt::options::{ConnectOptions, Secret, SecretKind};
use crate::payload::visible_name;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::primary_button;
use crate::ui::widgets::{dialog, field};
use crate::ui::{language, theme};
use crate::words::{Label, Language, format, options, secrets_dialog as words, widgets};

const WIDTH: f32 = 340.0;

/// What the dialog keeps between frames.
#[derive(Debug)]
pub struct SecretsDialog {
    fields: Vec<(SecretKind, String)>,
    /// Why they are asked for, if that is not obvious.
    why: Option<String>,
    /// The field to focus in the next frame.
    focus: Option<SecretKind>,
}

/// The person's answer so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretsAnswer {
    /// None yet; the dialog is open.
    Open,
    /// The secrets that were typed.
    Given(Vec<(SecretKind, Secret)>),
    /// The person decided not to connect.
    Cancelled,
}

impl SecretsDialog {
    /// Creates a dialog for these secrets; known ones are already filled in.
    pub fn new(fields: Vec<(SecretKind, String)>, why: Option<String>) -> Self {
        let first_empty = fields.iter().find(|(_, typed)| typed.is_empty()).or(fields.first());
        let focus = first_empty.map(|(kind, _)| *kind);
        Self { fields, why, focus }
    }

    /// Draws the dialog for a connection's name and address. `verb` is the label of the confirming button.
    pub fn show(
        &mut self,
        ctx: &Context,
        name: &str,
        address: &ConnectOptions,
        verb: Label,
    ) -> SecretsAnswer {
        let (mut goes_on, mut cancelled) = (false, false);
        let title = self.title(&visible_name(name), language(ctx));
        let closed = dialog::show(ctx, "password", WIDTH, &title, |ui| {
            let l = language(ui);
            self.heading(ui, address);
            ui.add_space(size::GROUP);
            goes_on = self.fields(ui);
            dialog::buttons(ui, |ui| {
                cancelled = ui.button(widgets::CANCEL.of(l)).clicked();
                goes_on |= primary_button(ui, verb.of(l)).clicked();
            });
        });
        if goes_on {
            let typed = std::mem::take(&mut self.fields);
            SecretsAnswer::Given(typed.into_iter().map(|(kind, typed)| (kind, Secret::new(typed))).collect())
        } else if cancelled || closed {
            SecretsAnswer::Cancelled
        } else {
            SecretsAnswer::Open
        }
    }

    fn title(&self, name: &str, l: Language) -> String {
        match self.fields.as_slice() {
            [(kind, _)] => words::secret_for(*kind, name, l),
            _ => words::log_in_to(name, l),
        }
    }

    fn heading(&self, ui: &mut Ui, address: &ConnectOptions) {
        let t = tokens(ui);
        let l = language(ui);
        let whom = words::login(&address.username, &address.url(), l);
        ui.label(RichText::new(whom).color(t.text_muted));
        if let Some(why) = &self.why {
            let why = format::excerpt(why, l);
            ui.add(egui::Label::new(RichText::new(why).color(t.text_muted).font(theme::small_font())).wrap());
        }
    }

    /// Draws the fields below one another; returns whether Enter was pressed in one of them.
    fn fields(&mut self, ui: &mut Ui) -> bool {
        let several = self.fields.len() > 1;
        let mut entered = false;
        for (kind, typed) in &mut self.fields {
            let name = options::secret(*kind).of(language(ui));
            if several {
                ui.label(RichText::new(name).color(tokens(ui).text_muted));
            }
            let response = field::line(ui, name, field::STRING_BYTES_MAX, typed, |edit| {
                edit.password(true).desired_width(f32::INFINITY)
            });
            if self.focus == Some(*kind) {
                self.focus = None;
                response.request_focus();
            }
            entered |= response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        }
        entered
    }
}
