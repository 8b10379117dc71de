"""Calls a gateway with the official OpenAI SDK as an application does.

usage: ONEFLOW_KEY=... sdk_calls.py BASE_URL

Prints one line of JSON a call: what was called, the usage as the SDK saw it, or the SDK's exception.
"""

import json
import os
import sys

import openai

MESSAGES = [{"role": "user", "content": "Which way does a river flow?"}]


def client(key):
    return openai.OpenAI(base_url=sys.argv[1], api_key=key, max_retries=0, timeout=20)


def tell(call, **what):
    print(json.dumps({"call": call, **what}), flush=True)


def usage_of(answer):
    return answer.usage.model_dump(exclude_none=True) if answer.usage else None


def chat(caller):
    answer = caller.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    tell("chat", usage=usage_of(answer), text=answer.choices[0].message.content)


def stream(caller, call, **options):
    text, usage, bare = "", None, 0
    for chunk in caller.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=True, **options):
        usage = usage_of(chunk) or usage
        bare += not chunk.choices
        text += "".join(choice.delta.content or "" for choice in chunk.choices)
    tell(call, usage=usage, text=text, chunks_without_choices=bare)


def embeddings(caller):
    answer = caller.embeddings.create(model="text-embedding-3-small", input=["a river", "a sea"])
    tell("embeddings", usage=usage_of(answer), vectors=len(answer.data), numbers=len(answer.data[0].embedding))


def refused(caller, call, model):
    try:
        caller.chat.completions.create(model=model, messages=MESSAGES)
        tell(call)
    except openai.APIStatusError as e:
        tell(call, error=type(e).__name__, status=e.status_code, code=e.code)


def main():
    caller = client(os.environ["ONEFLOW_KEY"])
    chat(caller)
    stream(caller, "stream")
    stream(caller, "stream with usage", stream_options={"include_usage": True})
    embeddings(caller)
    refused(client("of_" + "x" * 40), "wrong key", "gpt-4o")
    refused(caller, "unknown model", "nobody-serves-this")
    tell("models", ids=sorted(model.id for model in caller.models.list()))


main()
