//! A random order of options that nobody chose and anyone can check (METHODS 6.4, [Tieline]; after
//! Zavist & Tideman 1989).
//!
//! When a decision opens, [`Nonce::commitment`] is published and the nonce kept; when it closes, the
//! nonce is shown. The order follows from nonce, decision and ballots, so that nobody without the
//! nonce can foresee it, and nobody with it can change it after opening. Whoever holds the nonce and
//! votes last could still try ballots: between organisations, two parties give one half each
//! ([`Nonce::joined`]).

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::Options;
use crate::id::OptionId;

/// Thirty-two bytes as small hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash32(pub [u8; 32]);

impl fmt::Display for Hash32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Error of reading thirty-two bytes from text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a number of 64 hexadecimal digits")]
pub struct HashError;

impl FromStr for Hash32 {
    type Err = HashError;
    fn from_str(text: &str) -> Result<Self, HashError> {
        let digits = text.trim().as_bytes();
        if digits.len() != 64 {
            return Err(HashError);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |digit: u8| char::from(digit).to_digit(16).ok_or(HashError);
            *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
        }
        Ok(Self(bytes))
    }
}

/// The secret of a tie-break: thirty-two random bytes, shown when the decision closes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Nonce(pub [u8; 32]);

impl fmt::Debug for Nonce {
    /// Never shows the bytes, which are secret until the decision closes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(..)")
    }
}

impl Nonce {
    /// What is published when the decision opens.
    pub fn commitment(&self) -> Hash32 {
        Hash32(Sha256::digest(self.0).into())
    }

    /// The nonce of two parties, each of which gave one and committed to it alone.
    pub fn joined(&self, other: &Self) -> Self {
        let mut joined = self.0;
        joined.iter_mut().zip(other.0).for_each(|(byte, other)| *byte ^= other);
        Self(joined)
    }
}

/// SHA-256 over the parts, each after its length as eight bytes, big end first.
fn hash_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Hash32 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    Hash32(hasher.finalize().into())
}

/// One hash that stands for all ballots, in whatever order they come
/// (texts from [`super::Ballot::canonical`]).
pub fn ballots_root<T: AsRef<str>>(ballots: &[T]) -> Hash32 {
    let mut hashes: Vec<[u8; 32]> =
        ballots.iter().map(|ballot| Sha256::digest(ballot.as_ref()).into()).collect();
    hashes.sort_unstable();
    hash_parts(hashes.iter().map(<[u8; 32]>::as_slice))
}

/// The seed of the order.
pub fn seed(decision: &str, nonce: &Nonce, root: &Hash32) -> Hash32 {
    hash_parts([b"tieline/tiebreak/v1", decision.as_bytes(), &nonce.0, &root.0])
}

/// The number by which an option is placed: HMAC-SHA256 of its id under the seed.
pub fn draw(seed: &Hash32, option: &str) -> Hash32 {
    // A key of any length is allowed; the error cannot happen.
    match Hmac::<Sha256>::new_from_slice(&seed.0) {
        Ok(mac) => Hash32(mac.chain_update(option).finalize().into_bytes().into()),
        Err(_) => *seed,
    }
}

/// The options of a decision in the order that breaks ties.
pub fn order(seed: &Hash32, options: &Options) -> Vec<OptionId> {
    let mut order = options.ids().to_vec();
    order.sort_by_cached_key(|option| draw(seed, &option.to_string()));
    order
}

/// Everything that is published about a tie-break once the decision is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TieBreak {
    /// Published at opening.
    pub commitment: Hash32,
    /// Shown at close.
    pub nonce: Nonce,
    /// Of the ballots that were counted.
    pub root: Hash32,
    /// The order that was used.
    pub order: Vec<OptionId>,
}

/// What does not fit when someone checks a tie-break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TieBreakError {
    /// The nonce shown is not the one committed to.
    #[error("the secret shown is not the one that was committed to at opening")]
    Commitment,
    /// The ballots are not the ones that the order was made from.
    #[error("the ballots are not the ones that the order was made from")]
    Ballots,
    /// Another order follows from nonce and ballots.
    #[error("another order follows from the secret and the ballots")]
    Order,
}

impl TieBreak {
    /// Makes the order when a decision closes.
    pub fn made(decision: &str, nonce: Nonce, ballots: &[String], options: &Options) -> Self {
        let root = ballots_root(ballots);
        let order = order(&seed(decision, &nonce, &root), options);
        Self { commitment: nonce.commitment(), nonce, root, order }
    }

    /// Checks it from what is public.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn verify(
        &self,
        decision: &str,
        ballots: &[String],
        options: &Options,
    ) -> Result<(), TieBreakError> {
        let made = Self::made(decision, self.nonce, ballots, options);
        if made.commitment != self.commitment {
            Err(TieBreakError::Commitment)
        } else if made.root != self.root {
            Err(TieBreakError::Ballots)
        } else if made.order != self.order {
            Err(TieBreakError::Order)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn anyone_finds_out_a_changed_nonce_ballot_or_order() {
        let options = Options::new((0..5).map(|n| OptionId(Uuid::from_u128(n))).collect()).unwrap();
        let ballots = vec!["{\"approval\":[],\"weight\":1}".to_owned()];
        let check = |proof: &TieBreak, ballots: &[String]| proof.verify("d", ballots, &options);
        let honest = TieBreak::made("d", Nonce([7; 32]), &ballots, &options);
        assert_eq!(check(&honest, &ballots), Ok(()));
        let nonce = TieBreak { nonce: Nonce([8; 32]), ..honest.clone() };
        assert_eq!(check(&nonce, &ballots), Err(TieBreakError::Commitment));
        assert_eq!(check(&honest, &[]), Err(TieBreakError::Ballots));
        let mut swapped = honest.clone();
        swapped.order.swap(0, 1);
        assert_eq!(check(&swapped, &ballots), Err(TieBreakError::Order));
        let elsewhere = honest.verify("e", &ballots, &options);
        assert_eq!(elsewhere, Err(TieBreakError::Order));
    }

    #[test]
    fn two_parties_make_one_nonce_and_its_bytes_are_never_printed() {
        let (one, two) = (Nonce([0xf0; 32]), Nonce([0x0f; 32]));
        assert_eq!(one.joined(&two), Nonce([0xff; 32]));
        assert_eq!(one.joined(&two), two.joined(&one));
        assert_eq!(format!("{one:?}"), "Nonce(..)");
        let hash = one.commitment();
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!("zz".repeat(32).parse::<Hash32>(), Err(HashError));
        assert_eq!("é".repeat(32).parse::<Hash32>(), Err(HashError));
    }
}
