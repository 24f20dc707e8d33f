//! Finds string literals in the source that look like text for a person.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, ExprCall, ExprMethodCall, ImplItemFn, ItemFn, ItemMod, LitStr, Macro};

/// A string literal and its line number, from 1.
pub struct Literal {
    pub line: usize,
    pub text: String,
}

/// Macros whose texts are meant for developers.
const FOR_DEVELOPERS: &[&str] = &[
    "assert",
    "assert_eq",
    "assert_ne",
    "debug",
    "debug_assert",
    "debug_assert_eq",
    "error",
    "info",
    "panic",
    "trace",
    "unreachable",
    "warn",
];

/// Functions whose text argument names a thread, job or widget and is never shown.
const FOR_THE_PROGRAM: &[&str] =
    &["debug_struct", "drop", "id_salt", "in_row", "right", "spawn", "under", "unique", "with"];

/// The string literals in `text` outside attributes, tests and anything that only developers read.
pub fn literals(text: &str) -> syn::Result<Vec<Literal>> {
    let mut reader = Reader(Vec::new());
    reader.visit_file(&syn::parse_file(text)?);
    Ok(reader.0)
}

struct Reader(Vec<Literal>);

impl Reader {
    fn literal(&mut self, literal: &LitStr) {
        self.0.push(Literal { line: literal.span().start().line, text: literal.value() });
    }

    /// Visits the arguments of a function with this name.
    fn arguments<'ast>(&mut self, function: &str, arguments: impl IntoIterator<Item = &'ast Expr>) {
        for argument in arguments {
            if !(FOR_THE_PROGRAM.contains(&function) && matches!(argument, Expr::Lit(_))) {
                self.visit_expr(argument);
            }
        }
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let mut after_hash = false;
        for token in tokens {
            let is_attribute = std::mem::replace(
                &mut after_hash,
                matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#'),
            );
            match token {
                // Doc comments inside a macro call appear as attributes.
                TokenTree::Group(_) if is_attribute => {}
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Ok(literal) = syn::parse_str::<LitStr>(&literal.to_string()).map(|mut text| {
                        text.set_span(literal.span());
                        text
                    }) {
                        self.literal(&literal);
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_test = attribute.path().is_ident("test");
        let is_cfg_test = attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|argument| argument == "test");
        is_test || is_cfg_test
    })
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_for_tests(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if !is_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let name = match &*call.func {
            Expr::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        self.visit_expr(&call.func);
        self.arguments(name.as_deref().unwrap_or_default(), &call.args);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.visit_expr(&call.receiver);
        self.arguments(&call.method.to_string(), &call.args);
    }

    fn visit_lit_str(&mut self, literal: &'ast LitStr) {
        self.literal(literal);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        if !FOR_DEVELOPERS.contains(&name.as_str()) {
            self.tokens(call.tokens.clone());
        }
    }
}

/// Whether a literal contains two consecutive words or a Chinese character.
pub fn is_sentence(text: &str) -> bool {
    let is_word = |word: &str| {
        let letters = word.trim_matches([',', '.', ':', ';', '!', '?', '(', ')', '"']);
        letters.len() > 1 && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let words: Vec<bool> = text.split(' ').map(is_word).collect();
    words.windows(2).any(|pair| pair == [true, true]) || text.chars().any(is_chinese)
}

/// Whether a literal is one capitalised word, and so a label.
pub fn is_label(text: &str) -> bool {
    let word = text.strip_suffix('…').unwrap_or(text);
    let mut letters = word.chars();
    letters.next().is_some_and(|first| first.is_ascii_uppercase())
        && word.len() > 2
        && letters.all(|letter| letter.is_ascii_lowercase())
}

fn is_chinese(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}
