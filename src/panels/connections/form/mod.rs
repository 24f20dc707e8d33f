//! The form of one connection. Mistakes are marked under their fields before anything is sent.
//!
//! Common options come first and are always visible. The rest is in sections, each with a one-line summary of what is
//! set. Every simple option is described once, as a [`FormField`](option::FormField), in its section.

mod authentication;
mod buttons;
mod file;
mod general;
mod login;
mod mqtt5;
mod network;
mod option;
mod recording;
mod secret;
mod section;
mod security;
mod session;
mod subscription_options;
mod subscriptions;
mod variables;
mod websocket;
mod will;

use eframe::egui::{self, Id, RichText, Ui, UiBuilder};

use crate::command::Actions;
use crate::panels::connections::draft::ProfileDraft;
use crate::panels::connections::fields::{FIELD_AT, FIELD_WIDTH};
pub(super) use crate::panels::connections::form::file::{Dropped, picked};
pub(super) use crate::panels::connections::form::section::{Section, applies};
use crate::panels::connections::mistakes::{Mistake, Mistakes};
use crate::panels::connections::{ConnectionsView, KeyringState};
use crate::store::profiles::hints;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::collapsible::Collapsible;
use crate::ui::{language, theme};
use crate::words::{Label, connection_form as words};

/// Room for the fields and the icon buttons behind them.
const FORM_WIDTH: f32 = FIELD_AT + FIELD_WIDTH + 72.0;

/// Height of the button bar below the form.
const BAR_HEIGHT: f32 = 52.0;

/// What all parts of the form need for drawing.
struct FormParts<'a> {
    draft: &'a mut ProfileDraft,
    mistakes: &'a Mistakes,
    keyring: &'a KeyringState,
    actions: &'a mut Actions,
}

pub(super) fn show(ui: &mut Ui, view: &mut ConnectionsView, actions: &mut Actions) {
    let ConnectionsView { draft: Some(draft), keyring, dropped, focus, .. } = view else {
        return;
    };
    let before = draft.profile.clone();
    let mistakes = draft.mistakes();
    draft.open_where_wrong(&mistakes);
    let shown = mistakes.iter().filter(|mistake| draft.is_shown(mistake)).cloned().collect();
    let hints = hints(&before.connect).into_iter().map(Mistake::from).collect();
    let shown = Mistakes::new(shown, hints, std::mem::take(&mut draft.reveal));

    // The bar is drawn after the form so that Tab reaches it last, as the eye does.
    let (above, bar) = ui.max_rect().split_top_bottom_at_y(ui.max_rect().bottom() - BAR_HEIGHT);
    ui.scope_builder(UiBuilder::new().id_salt("form").max_rect(above), |ui| {
        // In a narrow window the fields keep their width and the form scrolls sideways.
        let scroll = egui::ScrollArea::both().id_salt(before.id.as_str()).auto_shrink(false);
        scroll.show(ui, |ui| {
            egui::Frame::NONE.inner_margin(egui::Margin::symmetric(24, 16)).show(ui, |ui| {
                ui.set_width(FORM_WIDTH);
                ui.spacing_mut().item_spacing.y = 6.0;
                FormParts { draft, mistakes: &shown, keyring, actions }.show(ui);
                ui.add_space(size::SECTION);
            });
            follow_focus(ui, focus);
        });
    });
    ui.scope_builder(UiBuilder::new().id_salt("buttons").max_rect(bar), |ui| {
        ui.painter().hline(bar.x_range(), bar.top(), egui::Stroke::new(1.0, tokens(ui).line));
        buttons::show(ui, draft, mistakes.is_empty(), actions);
    });
    dropped.ask(ui, draft);
    if draft.profile.connect.protocol.has_tls() && !before.connect.protocol.has_tls() {
        // TLS may need certificate files.
        draft.set_open(Section::Security, true);
    }
    if std::mem::take(&mut draft.touched) || draft.profile != before {
        draft.changed_at = Some(ui.input(|input| input.time));
    }
}

impl FormParts<'_> {
    fn show(&mut self, ui: &mut Ui) {
        general::show(ui, self);
        heading(ui, words::LOG_IN);
        login::show(ui, self);
        heading(ui, words::SESSION);
        session::show(ui, self);
        heading(ui, words::SUBSCRIPTIONS);
        subscriptions::show(ui, self);
        ui.add_space(size::SECTION);
        for section in Section::ALL {
            if section.applies(&self.draft.profile.connect) {
                self.section(ui, section);
            }
        }
    }

    fn section(&mut self, ui: &mut Ui, section: Section) {
        let (t, l) = (tokens(ui), language(ui));
        let profile = &self.draft.profile;
        let (summary, color) = match self.mistakes.first(|field| section.holds(field)) {
            Some(mistake) => (mistake.text(l), t.error),
            None if section == Section::Security && !profile.connect.tls.verify => {
                (section.summary(profile, l), t.error)
            }
            None => (section.summary(profile, l), t.text_muted),
        };
        let mut open = self.draft.is_open(section);
        let head =
            Collapsible { title: section.title().of(l), summary: &summary, color, summary_at: FIELD_AT };
        head.show(ui, &mut open, |ui| {
            match section {
                Section::Security => security::show(ui, self),
                Section::Websocket => websocket::show(ui, self),
                Section::Network => network::show(ui, self),
                Section::Mqtt5 => mqtt5::show(ui, self),
                Section::Authentication => authentication::show(ui, self),
                Section::Will => will::show(ui, self),
                Section::Variables => variables::show(ui, self),
                Section::Recording => recording::show(ui, self),
            }
            ui.add_space(size::PADDING);
        });
        self.draft.set_open(section, open);
    }
}

fn heading(ui: &mut Ui, title: Label) {
    ui.add_space(size::SECTION);
    ui.label(RichText::new(title.of(language(ui))).font(theme::title_font()));
    ui.add_space(2.0);
}

/// Scrolls to a newly focused widget if it is not fully visible.
fn follow_focus(ui: &Ui, last: &mut Option<Id>) {
    let focused = ui.memory(egui::Memory::focused);
    if std::mem::replace(last, focused) == focused {
        return;
    }
    let Some(response) = focused.and_then(|id| ui.ctx().read_response(id)) else { return };
    // It belongs to the form, not to the bar or the list, if it is clipped and lies in the form's column.
    let is_cut = response.interact_rect != response.rect;
    if is_cut && ui.clip_rect().x_range().contains(response.rect.center().x) {
        ui.scroll_to_rect(response.rect.expand(size::PADDING), None);
    }
}
