"""Writes a llama of random weights as GGUF: 261 tokens of a byte each, two layers, half a megabyte.

It says nothing, and says it in any form that a grammar allows: the hardest client for a schema.
"""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

DIM, LAYERS, HEADS, INNER = 64, 2, 2, 128
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
    "{% endfor %}<|im_start|>assistant\n"
)


def byte_letters() -> list[str]:
    """The letters that stand for bytes in byte-level vocabularies, as GPT-2 has them."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in plain]
    letters = {byte: chr(byte) for byte in plain}
    letters.update({byte: chr(256 + at) for at, byte in enumerate(rest)})
    return [letters[byte] for byte in range(256)]


def write(path: Path, *, context: int = 16_384, seed: int = 0) -> None:
    letters = byte_letters()
    pair = letters[ord("t")], letters[ord("h")]
    tokens = [*letters, "<|bos|>", "<|eos|>", "<|im_start|>", "<|im_end|>", "".join(pair)]
    kinds = [gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL] * 4 + [gguf.TokenType.NORMAL]
    chance = np.random.default_rng(seed)

    def weights(*shape: int) -> np.ndarray:
        return (chance.standard_normal(shape) * 0.05).astype(np.float32)

    def ones(count: int) -> np.ndarray:
        return np.ones(count, np.float32)

    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("random")
    writer.add_context_length(context)
    writer.add_embedding_length(DIM)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(DIM // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(0)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair)])  # the loader wants one
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(257)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    writer.add_tensor("token_embd.weight", weights(len(tokens), DIM))
    writer.add_tensor("output_norm.weight", ones(DIM))
    writer.add_tensor("output.weight", weights(len(tokens), DIM))
    for layer in range(LAYERS):
        name = f"blk.{layer}."
        writer.add_tensor(f"{name}attn_norm.weight", ones(DIM))
        writer.add_tensor(f"{name}ffn_norm.weight", ones(DIM))
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.add_tensor(f"{name}{part}.weight", weights(DIM, DIM))
        writer.add_tensor(f"{name}ffn_gate.weight", weights(INNER, DIM))
        writer.add_tensor(f"{name}ffn_up.weight", weights(INNER, DIM))
        writer.add_tensor(f"{name}ffn_down.weight", weights(DIM, INNER))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
