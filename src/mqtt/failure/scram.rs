//! The causes of a failed SCRAM authentication (RFC 5802).

/// Why SCRAM failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScramCause {
    /// The system has no random numbers.
    NoRandomNumbers,
    /// The broker's challenge has no such field.
    FieldMissing(ScramField),
    /// The salt is not base64.
    Salt,
    /// The broker's nonce does not continue ours.
    Nonce,
    /// The broker asks for an unacceptable number of iterations.
    Iterations {
        /// What it asks for.
        asked: String,
        /// The fewest that are acceptable.
        min: u32,
        /// The most.
        max: u32,
    },
    /// The broker's answer is not UTF-8.
    NotUtf8,
    /// The broker goes on after the end.
    AfterEnd,
    /// The broker skipped its challenge.
    NoChallenge,
    /// The broker gives a reason of its own.
    Error(String),
    /// The broker's last word is not a signature.
    NoSignature,
    /// The broker's signature is wrong.
    WrongSignature,
    /// The broker did not prove itself.
    NoProof,
}

/// A field of the broker's challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScramField {
    /// `r=`
    Nonce,
    /// `s=`
    Salt,
    /// `i=`
    Iterations,
}
