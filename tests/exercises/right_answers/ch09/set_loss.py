"""Right answers to 09.set_loss, in other styles."""

import torch


def set_loss_by_hand(scores, boxes, kinds, truths, matched):
    logs = scores.log_softmax(dim=-1)
    total = -logs[:, -1].sum()
    for kind, answer in zip(kinds, matched, strict=True):
        total = total + logs[answer, -1] - logs[answer, kind]
    loss = total / len(scores)
    if len(kinds):
        loss = loss + 5 * (boxes[matched] - truths).abs().sum() / len(kinds)
    return loss


def set_loss_one_hot(scores, boxes, kinds, truths, matched):
    wanted = torch.zeros_like(scores)
    wanted[:, -1] = 1
    wanted[matched, -1] = 0
    wanted[matched, kinds] = 1
    entropy = -(wanted * scores.log_softmax(-1)).sum(-1).mean()
    if kinds.numel() == 0:
        return entropy
    far = torch.nn.functional.l1_loss(boxes[matched], truths)
    return entropy + 5 * 4 * far
