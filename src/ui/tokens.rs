//! Every colour and measure of the window, by role. Nothing else in the program names a colour.

use eframe::egui::{Color32, Ui, Visuals};

/// The colours of one theme. `text` and `text_muted` have a contrast of at least 4.5 : 1 on every surface, and so
/// have the states and the JSON hues on the surfaces they are drawn on; in the high-contrast theme it is 7 : 1. The
/// tests below compute every pair that is drawn.
#[derive(Debug)]
pub struct Tokens {
    /// Behind the panels: gaps, the tab bar.
    pub surface_0: Color32,
    /// Panels.
    pub surface_1: Color32,
    /// Fields, headers, hovered rows.
    pub surface_2: Color32,
    /// Hovered buttons, pressed rows.
    pub surface_3: Color32,
    /// What is read first.
    pub text: Color32,
    /// Labels, counts, times.
    pub text_muted: Color32,
    /// Indent guides, disabled marks, placeholders: never the only carrier of a meaning.
    pub text_faint: Color32,
    /// Hairlines.
    pub line: Color32,
    /// Selection, focus and the primary button; nothing else.
    pub accent: Color32,
    /// Text on `accent`.
    pub on_accent: Color32,
    /// Behind the selected row: the accent at 16 %, on `surface_1`.
    pub selection: Color32,
    /// Behind selected text and what is chosen in a menu.
    pub chosen: Color32,
    /// Connected, valid.
    pub ok: Color32,
    /// Needs a look.
    pub warn: Color32,
    /// Failed, refused, unsafe.
    pub error: Color32,
    /// A value that has just changed: a line below it.
    pub flash: Color32,
    /// Opacity of [`Tokens::flash`] behind such a value, which must stay legible.
    pub flash_opacity: f32,
    /// Behind a match of the search.
    pub highlight: Color32,
    /// JSON strings.
    pub json_string: Color32,
    /// JSON numbers.
    pub json_number: Color32,
    /// JSON true and false.
    pub json_bool: Color32,
    /// JSON null.
    pub json_null: Color32,
    /// Behind an added line of a diff.
    pub diff_added: Color32,
    /// Behind a removed line of a diff.
    pub diff_removed: Color32,
    /// Okabe and Ito's series colours, in the order that series are added.
    pub series: [Color32; 7],
}

const fn rgb(hex: u32) -> Color32 {
    #[expect(clippy::disallowed_methods, reason = "the one place where colours are made")]
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// Dark theme.
pub static DARK: Tokens = Tokens {
    surface_0: rgb(0x11_16_18),
    surface_1: rgb(0x17_1d_20),
    surface_2: rgb(0x20_28_2c),
    surface_3: rgb(0x2a_34_39),
    text: rgb(0xe3_e9_eb),
    text_muted: rgb(0xa0_ae_b5),
    text_faint: rgb(0x61_70_77),
    line: rgb(0x2c_36_3b),
    accent: rgb(0x2f_b8_9d),
    on_accent: rgb(0x06_1f_1a),
    selection: rgb(0x1b_36_34),
    chosen: rgb(0x1a_3e_39),
    ok: rgb(0x54_c0_8a),
    warn: rgb(0xe0_ac_4a),
    error: rgb(0xf4_83_7a),
    flash: rgb(0xd6_b2_3f),
    flash_opacity: 0.16,
    highlight: rgb(0x5c_4d_14),
    json_string: rgb(0x9c_cf_a0),
    json_number: rgb(0x8f_bf_f2),
    json_bool: rgb(0xe0_b0_7e),
    json_null: rgb(0xb7_a6_d9),
    diff_added: rgb(0x16_3a_2a),
    diff_removed: rgb(0x46_22_22),
    series: [
        rgb(0x56_b4_e9),
        rgb(0xe6_9f_00),
        rgb(0x00_b0_86),
        rgb(0xcc_79_a7),
        rgb(0xf0_e4_42),
        rgb(0xe0_6a_20),
        rgb(0x4a_90_d0),
    ],
};

/// Light theme.
pub static LIGHT: Tokens = Tokens {
    surface_0: rgb(0xed_f0_f1),
    surface_1: rgb(0xfb_fc_fc),
    surface_2: rgb(0xe5_ea_ec),
    surface_3: rgb(0xd9_e0_e3),
    text: rgb(0x1a_22_26),
    text_muted: rgb(0x51_5e_65),
    text_faint: rgb(0x93_a0_a7),
    line: rgb(0xd6_dd_e0),
    accent: rgb(0x08_6f_5d),
    on_accent: rgb(0xff_ff_ff),
    selection: rgb(0xd9_e9_e7),
    chosen: rgb(0xc6_dd_d9),
    ok: rgb(0x17_6b_43),
    warn: rgb(0x80_54_00),
    error: rgb(0xac_24_1c),
    flash: rgb(0xe3_b5_1c),
    flash_opacity: 0.35,
    highlight: rgb(0xfb_e5_94),
    json_string: rgb(0x1f_6b_3a),
    json_number: rgb(0x1c_58_a8),
    json_bool: rgb(0x8f_4a_0e),
    json_null: rgb(0x68_4a_9e),
    diff_added: rgb(0xd3_ee_dc),
    diff_removed: rgb(0xf8_da_d7),
    series: [
        rgb(0x00_72_b2),
        rgb(0xb8_74_00),
        rgb(0x00_8a_66),
        rgb(0xb0_4f_85),
        rgb(0x8a_7e_00),
        rgb(0xc4_4e_00),
        rgb(0x2b_80_b8),
    ],
};

/// High-contrast theme, for people who cannot tell greys apart, and for screens in the sun.
pub static HIGH_CONTRAST: Tokens = Tokens {
    surface_0: rgb(0x00_00_00),
    surface_1: rgb(0x00_00_00),
    surface_2: rgb(0x1f_1f_1f),
    surface_3: rgb(0x33_33_33),
    text: rgb(0xff_ff_ff),
    text_muted: rgb(0xe2_e2_e2),
    text_faint: rgb(0xa6_a6_a6),
    line: rgb(0x8c_8c_8c),
    accent: rgb(0xff_d6_0a),
    on_accent: rgb(0x00_00_00),
    selection: rgb(0x3a_31_00),
    chosen: rgb(0x3a_31_00),
    ok: rgb(0x70_ff_a8),
    warn: rgb(0xff_c4_57),
    error: rgb(0xff_b0_a8),
    flash: rgb(0xff_e1_4d),
    flash_opacity: 0.14,
    highlight: rgb(0x5c_4a_00),
    json_string: rgb(0xa8_f5_ae),
    json_number: rgb(0xa6_d4_ff),
    json_bool: rgb(0xff_c8_92),
    json_null: rgb(0xd8_c8_ff),
    diff_added: rgb(0x00_40_20),
    diff_removed: rgb(0x5a_14_14),
    series: [
        rgb(0x6a_c8_ff),
        rgb(0xff_b3_1a),
        rgb(0x2b_e0_ae),
        rgb(0xf0_9c_cc),
        rgb(0xf5_ec_5a),
        rgb(0xff_8a_42),
        rgb(0x86_b8_ff),
    ],
};

/// Opacity of something that is disabled.
pub const DISABLED_ALPHA: f32 = 0.72;

/// Width of the ring around the focused widget, in points.
pub const RING: f32 = 1.5;

/// The tokens of the theme that `ui` is drawn in.
pub fn tokens(ui: &Ui) -> &'static Tokens {
    of(ui.visuals())
}

/// The tokens that these visuals were made from. The two dark themes differ in the colour of their panels.
pub fn of(visuals: &Visuals) -> &'static Tokens {
    if !visuals.dark_mode {
        &LIGHT
    } else if visuals.panel_fill == HIGH_CONTRAST.surface_1 {
        &HIGH_CONTRAST
    } else {
        &DARK
    }
}

/// Sizes on the 4 px grid, in points.
pub mod size {
    /// Top bar.
    pub const TOP_BAR: f32 = 40.0;
    /// Status bar.
    pub const STATUS_BAR: f32 = 24.0;
    /// Header line of a panel.
    pub const PANEL_HEADER: f32 = 32.0;
    /// Space inside a panel's edge.
    pub const PADDING: f32 = 8.0;
    /// Space between groups.
    pub const GROUP: f32 = 12.0;
    /// Space between sections.
    pub const SECTION: f32 = 16.0;
    /// Indent of one tree level.
    pub const INDENT: f32 = 16.0;
    /// Corner radius.
    pub const RADIUS: u8 = 4;
    /// Icons.
    pub const ICON: f32 = 16.0;
    /// Small text.
    pub const SMALL: f32 = 12.0;
    /// Text.
    pub const TEXT: f32 = 13.0;
    /// Panel titles.
    pub const TITLE: f32 = 15.0;
    /// Page titles.
    pub const PAGE: f32 = 20.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(color: Color32) -> f64 {
        let channel = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// What is left of a colour on a ground when it is drawn with so much opacity. egui blends as this does, in the
    /// encoded values.
    fn blended(color: Color32, ground: Color32, opacity: f32) -> Color32 {
        let mix = |a: u8, b: u8| (f32::from(a) * opacity + f32::from(b) * (1.0 - opacity)).round() as u32;
        let [red, green, blue] = [(color.r(), ground.r()), (color.g(), ground.g()), (color.b(), ground.b())]
            .map(|(a, b)| mix(a, b));
        rgb(red << 16 | green << 8 | blue)
    }

    /// Each theme with its name and the least contrast of its text.
    const THEMES: [(&str, &Tokens, f64); 3] =
        [("dark", &DARK, 4.5), ("light", &LIGHT, 4.5), ("high contrast", &HIGH_CONTRAST, 7.0)];

    /// Asserts that every colour stands out from every ground.
    fn assert_contrast(theme: &str, colors: &[(&str, Color32)], grounds: &[(&str, Color32)], least: f64) {
        for (name, color) in colors {
            for (ground, surface) in grounds {
                let ratio = contrast(*color, *surface);
                assert!(ratio >= least, "{theme}: {name} on {ground}: {ratio:.2} : 1");
            }
        }
    }

    fn surfaces(t: &Tokens) -> [(&'static str, Color32); 4] {
        [
            ("surface 0", t.surface_0),
            ("surface 1", t.surface_1),
            ("surface 2", t.surface_2),
            ("surface 3", t.surface_3),
        ]
    }

    #[test]
    fn text_stands_out_from_what_it_is_drawn_on() {
        for (theme, t, least) in THEMES {
            let texts = [("text", t.text), ("muted text", t.text_muted)];
            let marked = [("the selection", t.selection), ("what is chosen", t.chosen)];
            assert_contrast(theme, &texts, &surfaces(t), least);
            assert_contrast(theme, &texts, &marked, least);
            let grounds = [("a match", t.highlight), ("added", t.diff_added), ("removed", t.diff_removed)];
            assert_contrast(theme, &[("text", t.text)], &grounds, least);
            assert_contrast(theme, &[("its label", t.on_accent)], &[("the main button", t.accent)], least);
        }
    }

    #[test]
    fn states_and_values_stand_out_from_what_they_are_drawn_on() {
        for (theme, t, least) in THEMES {
            let colors = [
                ("ok", t.ok),
                ("a warning", t.warn),
                ("an error", t.error),
                ("the accent", t.accent),
                ("a string", t.json_string),
                ("a number", t.json_number),
                ("a boolean", t.json_bool),
                ("null", t.json_null),
            ];
            let grounds = [
                ("surface 0", t.surface_0),
                ("surface 1", t.surface_1),
                ("surface 2", t.surface_2),
                ("surface 3", t.surface_3),
                ("the selection", t.selection),
            ];
            assert_contrast(theme, &colors, &grounds, least);
            // What is said of a state can be selected as text; the accent is never text in a text.
            let said: Vec<_> = colors.into_iter().filter(|(name, _)| *name != "the accent").collect();
            assert_contrast(theme, &said, &[("selected text", t.chosen)], least);
        }
    }

    fn values(t: &Tokens) -> [(&'static str, Color32); 6] {
        [
            ("text", t.text),
            ("muted text", t.text_muted),
            ("a string", t.json_string),
            ("a number", t.json_number),
            ("a boolean", t.json_bool),
            ("null", t.json_null),
        ]
    }

    #[test]
    fn a_value_can_be_read_while_it_flashes_and_where_two_messages_differ() {
        for (theme, t, least) in THEMES {
            let flashing = |surface| blended(t.flash, surface, t.flash_opacity);
            let grounds = [
                ("a flash", flashing(t.surface_1)),
                ("a flash under the pointer", flashing(t.surface_2)),
                ("added", t.diff_added),
                ("removed", t.diff_removed),
            ];
            assert_contrast(theme, &values(t), &grounds, least);
        }
    }

    #[test]
    fn what_cannot_be_used_now_can_be_read() {
        for (theme, t, _) in THEMES {
            // Surface 3 is that of what is hovered or pressed, which nothing disabled is.
            for (ground, surface) in surfaces(t).into_iter().take(3) {
                for (name, color) in [("text", t.text), ("muted text", t.text_muted)] {
                    let ratio = contrast(blended(color, surface, DISABLED_ALPHA), surface);
                    assert!(ratio >= 3.0, "{theme}: disabled {name} on {ground}: {ratio:.2} : 1");
                }
            }
        }
    }

    #[test]
    fn lines_of_plots_and_the_ring_of_the_focus_can_be_seen() {
        for (theme, t, _) in THEMES {
            for (index, color) in t.series.iter().enumerate() {
                let ratio = contrast(*color, t.surface_1);
                assert!(ratio >= 3.0, "{theme}: series {index}: {ratio:.2} : 1");
            }
            assert_contrast(theme, &[("the ring", t.accent)], &surfaces(t), 3.0);
            // On the main button, which has the colour of the ring, the gap around it shows.
            assert_contrast(theme, &[("a flash", t.flash)], &[("a panel", t.surface_1)], 1.5);
        }
        let lines = [("a line", HIGH_CONTRAST.line), ("a mark", HIGH_CONTRAST.text_faint)];
        assert_contrast("high contrast", &lines, &surfaces(&HIGH_CONTRAST), 3.0);
    }

    #[test]
    fn the_tokens_of_a_theme_are_found_from_its_visuals() {
        for (theme, t, _) in THEMES {
            let visuals =
                Visuals { dark_mode: theme != "light", panel_fill: t.surface_1, ..Visuals::default() };
            assert!(std::ptr::eq(of(&visuals), t), "{theme}");
        }
    }
}
